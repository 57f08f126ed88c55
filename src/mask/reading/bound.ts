import type { Interval } from './interval.js';
import type { LooseJson } from './loose-json.js';

/**
 * A bound as judges write it: a number, a text that holds one (`"1,234.5"`, `"12 %"`, `"70 km"`), or null for a bound
 * that is open. Undefined where it is not clear which number is meant.
 */
export function readBound(value: LooseJson, side: keyof Interval): number | null | undefined {
  if (value === null) return null;
  // -0 would differ from 0 where values are compared.
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text.length > MAX_LENGTH) return undefined;
  return isOpen(text, side) ? null : readNumber(text);
}

/** A number with its unit is shorter. */
const MAX_LENGTH = 80;

/** A word for nothing, or infinity on the side where it bounds nothing. */
function isOpen(text: string, side: keyof Interval): boolean {
  if (/^(?:null|none|n\/a|)$/i.test(text)) return true;
  const infinite = side === 'lower' ? /^[-−–](?:inf|infinity|∞)$/i : /^\+?(?:inf|infinity|∞)$/i;
  return infinite.test(text);
}

function readNumber(text: string): number | undefined {
  const { sign, digits, unit = '' } = NUMBER.exec(text)?.groups ?? {};
  if (digits === undefined || unit.split(/\s/).some(isDoubtful)) return undefined;
  const number = Number(digits.replaceAll(/[,_\s]/g, ''));
  if (!Number.isFinite(number)) return undefined;
  return (sign === undefined || sign === '+' ? number : -number) + 0;
}

const PLAIN = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?`;

/** Groups of three digits behind commas, spaces or underscores. `1,23` and `0,123` may be decimals, so they are not. */
const GROUPED = String.raw`[1-9]\d{0,2}(?<comma>[,_ \u00a0\u2009\u202f])\d{3}(?:\k<comma>\d{3})*(?:\.\d+)?`;

/** `km`, `m²`, `%`, `deaths`. */
const WORD = String.raw`[\p{L}%‰°$€£¥][\p{L}%‰°$€£¥²³/^·.-]*`;
const UNIT = String.raw`(?:(?:per|percentage|square|cubic|degrees)\s)?${WORD}(?:\s(?:per|an?)\s${WORD})?`;

const NUMBER = new RegExp(
  String.raw`^(?<sign>[-+−–])?[$€£¥]?(?<digits>${GROUPED}|${PLAIN})\s*(?<unit>${UNIT})?$`,
  'iu',
);

/** Whether a word behind a number changes it, or says that it is not exact. `m` may be metres, or millions. */
function isDoubtful(word: string): boolean {
  return SCALE.test(word) || DOUBTFUL.has(word.toLowerCase().replace(/\.$/, ''));
}

const SCALE = /hundred|thousand|illion|dozen|tenth|lakh|crore/i;

const DOUBTFUL = new Set(
  [
    'k m b mn mln mio bn bln tn trn s e',
    'or to and plus minus more less above below over under up down upwards onwards downwards ago',
    'max min maximum minimum approx approximately about around roughly circa ca c est estimated maybe',
    'bc bce negative inf infinity nan',
  ]
    .join(' ')
    .split(' '),
);
