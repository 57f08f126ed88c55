import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A TypeScript file of `src`, by its path there. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** Whether only types are imported, of which nothing is left at run time. */
  readonly isType: boolean;
}

/** Every TypeScript file of `src`, declarations of types left out. */
export function readSources(): readonly Source[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => ({ file, text: readFileSync(path.join('src', file), 'utf8') }));
}

const parsed = new WeakMap<Source, ts.SourceFile>();

/** The tree of a file, with the parents of its nodes. */
export function parse(source: Source): ts.SourceFile {
  const known = parsed.get(source);
  if (known) return known;
  const { file, text } = source;
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  parsed.set(source, tree);
  return tree;
}

/** What a file imports and exports again, dynamic imports and types included. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push({ specifier, isType: isTypeOnly(node) });
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const { moduleSpecifier } = node;
    return moduleSpecifier && ts.isStringLiteral(moduleSpecifier)
      ? moduleSpecifier.text
      : undefined;
  }
  if (ts.isImportTypeNode(node)) {
    const { argument } = node;
    return ts.isLiteralTypeNode(argument) && ts.isStringLiteral(argument.literal)
      ? argument.literal.text
      : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [name] = node.arguments;
    // A name that is computed could be anything, so that no rule lets it through.
    return name && ts.isStringLiteralLike(name) ? name.text : '(computed)';
  }
  return undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || !node.importClause) return false;
  const { phaseModifier, name, namedBindings } = node.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return !name && named.length > 0 && named.every((element) => element.isTypeOnly);
}

/** The file of `src` that a relative specifier leads to. */
export function resolve(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, '.ts'));
}

/** Whether a specifier leads to a TypeScript file of `src`. */
export function isLocal({ specifier }: Import): boolean {
  return specifier.startsWith('.') && specifier.endsWith('.js');
}
