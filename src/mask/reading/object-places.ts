/** Where an object is in a text: on lines of its own, behind words, before words on its line, or quoted. */
export type ObjectPlace = 'alone' | 'introduced' | 'mentioned' | 'quoted';

/**
 * The places of the objects of a text, from what is between them: `gaps` has the text before the first one, between
 * each and the next, and behind the last.
 */
export function placesBetween(gaps: readonly string[]): readonly ObjectPlace[] {
  let line = startLine('');
  return gaps.slice(0, -1).map((gap, index) => {
    const isSame = index > 0 && !gap.includes('\n');
    line = isSame ? continueLine(line, gap) : startLine(gap.slice(gap.lastIndexOf('\n') + 1));
    const next = gaps[index + 1] ?? '';
    const [after = ''] = next.split('\n', 1);
    const isShared = after === next && index + 2 < gaps.length;
    if (isQuoted(line, after)) return 'quoted';
    if (isShared || hasWords(after)) return 'mentioned';
    return isSame || hasWords(line.text) ? 'introduced' : 'alone';
  });
}

/** A line up to an object: what is before it, behind the last object, and which marks are open there. */
interface ParsedLine {
  readonly text: string;
  readonly isQuotation: boolean;
  readonly open: Readonly<Record<MarkName, number>>;
}

/** Marks that open and close a quotation. A run of three backticks is a fence. */
const MARKS = {
  code: /(?<!`)`{1,2}(?!`)/g,
  straight: /"/g,
  curly: /[“”„«»‹›「」『』]/g,
};

type MarkName = keyof typeof MARKS;

const NAMES = ['code', 'straight', 'curly'] as const satisfies readonly MarkName[];

function startLine(text: string): ParsedLine {
  return continueLine(
    { text: '', isQuotation: /^\s*>/.test(text), open: { code: 0, straight: 0, curly: 0 } },
    text,
  );
}

function continueLine({ isQuotation, open }: ParsedLine, text: string): ParsedLine {
  const count = (mark: MarkName): number => open[mark] + countMarks(text, mark);
  return {
    text,
    isQuotation,
    open: { code: count('code'), straight: count('straight'), curly: count('curly') },
  };
}

function countMarks(text: string, mark: MarkName): number {
  return [...text.matchAll(MARKS[mark])].length;
}

/** In a quoted line, struck out, or in marks that are open before the object and closed behind it. */
function isQuoted({ text, isQuotation, open }: ParsedLine, after: string): boolean {
  const [before, behind] = [text.trimEnd(), after.trimStart()];
  return (
    isQuotation ||
    NAMES.some((mark) => open[mark] % 2 === 1 && countMarks(after, mark) > 0) ||
    (/['‘]$/.test(before.slice(-1)) && /^['’]/.test(behind)) ||
    (/(?:^|[^~])~~$/.test(before.slice(-3)) && /^~~(?!~)/.test(behind))
  );
}

/** Whether there is more than fences, marks of lists and emphasis, tags around an answer, and tokens of a template. */
function hasWords(text: string): boolean {
  const rest = text
    .replace(/^\s*\d{1,3}[.)]\s/, '')
    .replaceAll(/(?:`{3,}|~{3,})[\w+-]*/g, '')
    .replaceAll(WRAPPERS, '');
  return /[\p{L}\p{N}]/u.test(rest);
}

const WRAPPERS =
  /<\|[\w .:/-]{1,40}\|>|<\/?(?:answer|verdict|final|final_answer|output|response|result|json|code|pre|b|strong|em|s|eos)>/gi;
