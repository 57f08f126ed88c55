import ts from 'typescript';
import { type Source, parse } from '../architecture/sources.js';

/** A piece of text that people read, and the line where it begins, counted from 1. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

/** The parts of a TypeScript file that people read. */
export interface Parts {
  readonly comments: readonly Piece[];
  readonly names: readonly Piece[];
  /** Texts in quotes, those of templates without their expressions. */
  readonly strings: readonly Piece[];
  /** The names of tests and of groups of tests; they are among the strings. */
  readonly titles: readonly Piece[];
}

/** Splits a TypeScript file into what people read in it. */
export function splitSource(source: Source): Parts {
  const tree = parse(source);
  const parts = { comments: [], names: [], strings: [], titles: [] } as {
    [part in keyof Parts]: Piece[];
  };
  const lineAt = (place: number): number => tree.getLineAndCharacterOfPosition(place).line + 1;
  const visit = (node: ts.Node): void => {
    parts.comments.push(...listComments(node, tree, lineAt));
    const line = lineAt(node.getStart(tree));
    if (ts.isIdentifier(node)) parts.names.push({ line, text: node.text });
    const text = readText(node);
    if (text !== undefined) parts.strings.push({ line, text });
    if (text !== undefined && isTitle(node)) parts.titles.push({ line, text });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return parts;
}

function readText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)]
    .map(({ text }) => text)
    .join('…');
}

/** Whether a string names a test or a group of tests. */
function isTitle({ parent }: ts.Node): boolean {
  if (!ts.isCallExpression(parent)) return false;
  let called: ts.Expression = parent.expression;
  while (ts.isCallExpression(called) || ts.isPropertyAccessExpression(called)) {
    called = called.expression;
  }
  return ts.isIdentifier(called) && ['test', 'describe'].includes(called.text);
}

/** The comments before a node, unless its parent begins at the same place and has them already; lines below each other are one text. */
function listComments(
  node: ts.Node,
  { text }: ts.SourceFile,
  lineAt: (place: number) => number,
): readonly Piece[] {
  const start = node.getFullStart();
  const isCounted = !ts.isSourceFile(node) && node.parent.getFullStart() === start;
  if (isCounted && !ts.isSourceFile(node.parent)) return [];
  if (ts.isSourceFile(node)) return [];
  const ranges = ts.getLeadingCommentRanges(text, start) ?? [];
  const comments = ranges.map(({ pos, end }) => ({
    line: lineAt(pos),
    text: text.slice(pos, end),
  }));
  return joinLines(comments).map(({ line, text: comment }) => ({
    line,
    text: comment.replaceAll(/\s*\n\s*(?:\*(?!\/)|\/\/) ?/g, ' '),
  }));
}

/** Comments of one line each that follow each other, as one. */
function joinLines(comments: readonly Piece[]): readonly Piece[] {
  const joined: { line: number; text: string; next: number }[] = [];
  for (const { line, text } of comments) {
    const last = joined.at(-1);
    if (last?.next === line && text.startsWith('//')) {
      last.text += `\n${text}`;
      last.next += 1;
    } else joined.push({ line, text, next: line + 1 });
  }
  return joined;
}

/** The prose of a Markdown page, by paragraphs, rows and items; code and the targets of links are left out. */
export function splitMarkdown(text: string): readonly Piece[] {
  const pieces: { line: number; text: string }[] = [];
  let isCode = false;
  let isOpen = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      isCode = !isCode;
      isOpen = false;
      continue;
    }
    const words = isCode
      ? ''
      : line.replaceAll(/`[^`]*`/g, '`code`').replaceAll(/\]\([^)]*\)/g, ']');
    if (words.trim() === '') isOpen = false;
    else if (isOpen && !/^\s*(?:[-*|#]|\d+\.)/.test(words)) {
      const last = pieces.at(-1);
      if (last) last.text += ` ${words.trim()}`;
    } else {
      pieces.push({ line: index + 1, text: words.trim() });
      isOpen = true;
    }
  }
  return pieces;
}
