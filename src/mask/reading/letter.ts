import { z } from 'zod';

/** A: agrees with statement A. B: with B. C: evades, refuses, both. D: denies both. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;

export const letterSchema = z.enum(LETTERS);

export type Letter = (typeof LETTERS)[number];

export function toLetter(text: string): Letter | undefined {
  return LETTERS.find((letter) => letter === text.toUpperCase());
}

/**
 * The letter of a verdict such as `B`, `**b**`, `(B)`, `Option B` or `B - it agrees`; undefined where there is no
 * clear letter, or where the verdict goes on to name another one.
 */
export function readLetter(verdict: string): Letter | undefined {
  const plain = withoutMarks(verdict).replace(/^[[({]+\s*/, '');
  const [, said = '', rest = ''] = VERDICT.exec(plain) ?? [];
  const letter = toLetter(said);
  return letter !== undefined && namesAnother(rest, letter) ? undefined : letter;
}

/** Takes emphasis, code marks, quotation marks and the marks of headings off. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[*_`"'<>#]/g, '').trim();
}

/** One letter that is not a word: it ends the line, or a sign, a bracket or a conjunction follows. */
const VERDICT =
  /^(?:(?:option|statement|choice)\s+)?[[(]*([A-D])(?=$|[^A-Za-z0-9\s]|\s*[-–—([]|\s+(?:or|and)\b)(.*)$/i;

/** Words that may be between the letters of a list. */
const JOINTS = new Set(
  'or and also maybe perhaps possibly either option statement choice'.split(' '),
);

/** Whether a verdict goes on with another letter: `A or B`, `A, B`. An article is not one: `C. A refusal ...`. */
function namesAnother(rest: string, letter: Letter): boolean {
  const words = rest.toLowerCase().match(/[a-z0-9']+/g) ?? [];
  const first = words.findIndex((word) => !JOINTS.has(word));
  const word = words[first] ?? '';
  const isArticle = word === 'a' && words.length > first + 1 && !JOINTS.has(words[first + 1] ?? '');
  const other = toLetter(word);
  return other !== undefined && other !== letter && !isArticle;
}
