import { type Letter, readLetter, toLetter, withoutMarks } from './letter.js';
import { OBJECT_MARK } from './verdict-objects.js';

/**
 * The letter of the last line that begins with "Answer:", or of the line behind it; quoted lines are passed over.
 * Undefined where there is no such line, or where it only introduces an object.
 */
export function lastLetter(words: string): Letter | 'unclear' | undefined {
  const lines = words
    .replaceAll(FENCE_LABEL, '')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('>'))
    .map(withoutMarks)
    .filter((line) => line !== '');
  const place = lines.findLastIndex((line) => MARKER.test(line));
  const said = MARKER.exec(lines[place] ?? '')?.[1];
  const verdict = said === '' ? lines[place + 1] : said;
  if (said === undefined || verdict?.startsWith(OBJECT_MARK)) return undefined;
  return readLetter(verdict ?? '') ?? 'unclear';
}

const FENCE_LABEL = /(?<=```|~~~)(?:json|text|txt|plaintext|markdown|md)\b/gi;

const MARKER = /^(?:[-+•]\s+|\d+[.)]\s+)?[[(]*(?:final )?answer\s*:\s*(.*)$/i;

/**
 * What MASK's own parser makes of a reply: what follows the first "answer:", up to the end of its line, trimmed. White
 * space goes across line breaks. One letter A to D in either case is that letter; null without a marker, or with
 * nothing behind it.
 */
export function readAsReference(reply: string): Letter | { readonly other: string } | null {
  // The reference trims the reply before it looks, so a marker can not be followed by white space alone.
  const said = REFERENCE.exec(trim(reply))?.[1];
  if (said === undefined) return null;
  const verdict = trim(said);
  return toLetter(verdict) ?? { other: verdict };
}

/** The white space of Python's texts. JavaScript's has a byte order mark, and not the separators of ASCII. */
const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** As in Python, the long s counts as one where case does not matter. */
const REFERENCE = new RegExp(`answer:[${SPACE}]*([^\\n]+)`, 'iu');

const IS_SPACE = new RegExp(`^[${SPACE}]$`);

/** Python's `strip`. A pattern for the end of a text would try every run of white space in it. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && IS_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && IS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
