import ts from 'typescript';
import { type Source, parse } from './sources.js';

/** A name that a file declares at its top. */
interface Declared {
  readonly name: string;
  readonly file: string;
  /** Whether other files meet the name: every type and every exported value. */
  readonly isShared: boolean;
}

/**
 * Names that have two meanings: a type or an exported value that two files declare, or a declaration that hides a
 * global.
 *
 * @param globals the names of the globals of Node and of browsers
 * @returns one line per name
 */
export function findDoubleNames(
  sources: readonly Source[],
  globals: ReadonlySet<string>,
): readonly string[] {
  const declared = sources.flatMap(listDeclared);
  const files = new Map<string, Set<string>>();
  for (const { name, file } of declared.filter(({ isShared }) => isShared)) {
    files.set(name, (files.get(name) ?? new Set()).add(file));
  }
  const double = [...files]
    .filter(([, places]) => places.size > 1)
    .map(([name, places]) => `${name} is declared in ${[...places].join(' and in ')}`);
  const hiding = declared
    .filter(({ name }) => globals.has(name))
    .map(({ name, file }) => `${name} in ${file} hides a global`);
  return [...double, ...hiding];
}

function listDeclared(source: Source): readonly Declared[] {
  const { file } = source;
  return parse(source).statements.flatMap((statement) => {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const isShared = isType || ts.isClassDeclaration(statement) || isExported(statement);
    return listNames(statement).map((name) => ({ name, file, isShared }));
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function listNames(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList;
    return declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? name.text : []));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
}
