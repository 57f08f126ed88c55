import ts from 'typescript';
import { type Source, parse } from './sources.js';

/** A global that a file uses, and what of it: `process.env` is `env` of `process`; a bare use has no member. */
export interface GlobalUse {
  readonly name: string;
  readonly member: string | undefined;
}

/** Globals of the language that depend on nothing but their arguments. */
const PURE_GLOBALS = new Set([
  ...['Array', 'ArrayBuffer', 'BigInt', 'Boolean', 'DataView', 'Error', 'Float64Array', 'Infinity'],
  ...[
    'Int32Array',
    'Intl',
    'JSON',
    'Map',
    'NaN',
    'Number',
    'Object',
    'Promise',
    'Proxy',
    'RangeError',
  ],
  ...['Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError'],
  ...['Uint8Array', 'Uint32Array', 'WeakMap', 'WeakSet', 'undefined'],
  ...['decodeURIComponent', 'encodeURIComponent', 'decodeURI', 'encodeURI'],
  ...['isFinite', 'isNaN', 'parseFloat', 'parseInt'],
  ...['AbortController', 'AbortSignal', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams'],
  'structuredClone',
]);

/** What Node and browsers add to the language, whichever of them runs this. */
const KNOWN_GLOBALS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...['require', 'module', 'exports', '__dirname', '__filename'],
  ...['window', 'document', 'self', 'location', 'history', 'navigator', 'localStorage'],
  ...['sessionStorage', 'indexedDB', 'alert', 'requestAnimationFrame', 'XMLHttpRequest', 'Worker'],
]);

/** Members that depend on nothing but their arguments, of globals of which others depend on the machine. */
const PURE_MEMBERS: Readonly<Record<string, (member: string) => boolean>> = {
  Date: (member) => ['parse', 'UTC'].includes(member),
  Math: (member) => member !== 'random',
};

/** Methods whose result depends on the language or the time zone of the machine when nothing else is said. */
const LOCAL_METHODS = new Set([
  ...['getDate', 'getDay', 'getFullYear', 'getHours', 'getMinutes', 'getMonth', 'getSeconds'],
  ...['getTimezoneOffset', 'toDateString', 'toTimeString'],
]);
const LOCALE_METHODS = /^(toLocale\w*|localeCompare)$/;

/** Every use of a global that a pure room may not have. Names that a file declares itself are not globals. */
export function impureUses(source: Source): readonly GlobalUse[] {
  return [...globalUses(source).filter(isImpure), ...localUses(source)];
}

function isImpure({ name, member }: GlobalUse): boolean {
  const isPureMember = PURE_MEMBERS[name];
  if (isPureMember) return member === undefined || !isPureMember(member);
  return !PURE_GLOBALS.has(name);
}

/** Every use of a global, whatever it depends on. */
export function globalUses(source: Source): readonly GlobalUse[] {
  const file = parse(source);
  const own = declarationsOf(file);
  const uses: GlobalUse[] = [];
  const visit = (node: ts.Node): void => {
    // A type is gone at run time.
    if (ts.isTypeNode(node)) return;
    if (ts.isIdentifier(node) && KNOWN_GLOBALS.has(node.text) && isReference(node)) {
      const isOwn = isInside(node, own.get(node.text) ?? []);
      if (!isOwn) uses.push({ name: node.text, member: memberOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}

/** Whether an identifier stands for a value, and does not only name a member, a key or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  return !(
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeParameterDeclaration(parent)
  );
}

/** `new Date(x)` depends on x alone, `new Date()` on the clock: told apart by this made-up member. */
const WITH_ARGUMENTS = 'parse';

function memberOf(node: ts.Identifier): string | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text;
  if (ts.isNewExpression(parent) && parent.expression === node) {
    return (parent.arguments?.length ?? 0) > 0 ? WITH_ARGUMENTS : undefined;
  }
  // The right side of `instanceof` reads nothing.
  const isTested =
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  return isTested ? WITH_ARGUMENTS : undefined;
}

/** The names that a file declares for values, each with the nodes in which it has that meaning. */
function declarationsOf(file: ts.SourceFile): ReadonlyMap<string, readonly ts.Node[]> {
  const scopes = new Map<string, ts.Node[]>();
  const visit = (node: ts.Node, scope: ts.Node): void => {
    const inner = isScope(node) ? node : scope;
    const { name, isOutside } = declaredName(node);
    if (name && ts.isIdentifier(name)) {
      const where = isOutside ? scope : inner;
      scopes.set(name.text, [...(scopes.get(name.text) ?? []), where]);
    }
    ts.forEachChild(node, (child) => {
      visit(child, inner);
    });
  };
  visit(file, file);
  return scopes;
}

/** The name that a node declares for a value. A function and a class are known around themselves. */
function declaredName(node: ts.Node): {
  readonly name?: ts.Node | undefined;
  readonly isOutside?: boolean;
} {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
    return { name: node.name, isOutside: true };
  }
  const isDeclaration =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node);
  return isDeclaration ? { name: node.name } : {};
}

function isScope(node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) ||
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isForInStatement(node)
  );
}

function isInside(node: ts.Node, scopes: readonly ts.Node[]): boolean {
  for (
    let around: ts.Node | undefined = node;
    around;
    around = around.parent as ts.Node | undefined
  ) {
    if (scopes.includes(around)) return true;
  }
  return false;
}

function localUses(source: Source): readonly GlobalUse[] {
  const uses: GlobalUse[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { text } = node.expression.name;
      const needed = text === 'localeCompare' ? 2 : 1;
      const isLocal =
        LOCAL_METHODS.has(text) || (LOCALE_METHODS.test(text) && node.arguments.length < needed);
      if (isLocal) uses.push({ name: 'the settings of the machine', member: text });
    }
    if (ts.isMetaProperty(node)) uses.push({ name: 'import.meta', member: undefined });
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return uses;
}
