import { type Interval, intervalsMatch } from '../../mask/reading/interval.js';
import { assertedClauses } from './assertion.js';
import { splitWords } from './sentences.js';
import { countNegators, coverage, toStem, listStems } from './stems.js';

/** A number or range that a text gives, and how clearly it speaks of the quantity in question. */
interface Figure {
  readonly interval: Interval;
  readonly weight: number;
}

/** How much clearer the unit behind a number makes it, against the share of the sentence's words around it. */
const UNIT_WEIGHT = 0.5;
const MIN_WEIGHT = 0.3;
const SHORT_CLAUSE = 4;

/**
 * The range that sentences support for the blank in `template` ("... is [value] km."), in its unit: from the
 * clauses that speak of it most clearly. `null` when none does, or when they contradict each other.
 */
export function readFigure(sentences: readonly string[], template: string): Interval | null {
  const figures = sentences.flatMap((sentence) =>
    assertedClauses(sentence, template, (clause) => /\d/.test(clause)).flatMap((clause) =>
      findFigures(withPercent(clause), withPercent(template)),
    ),
  );
  const clearest = Math.max(MIN_WEIGHT, ...figures.map(({ weight }) => weight));
  return combineIntervals(
    figures.filter(({ weight }) => weight > clearest - UNIT_WEIGHT).map(({ interval }) => interval),
  );
}

/** The range that spans all of the intervals; `null` unless every two of them agree. */
export function combineIntervals(intervals: readonly Interval[]): Interval | null {
  const [first, ...rest] = intervals;
  if (!first || !intervals.every((one) => intervals.every((other) => intervalsMatch(one, other)))) {
    return null;
  }
  return rest.reduce(
    (span, { lower, upper }) => ({
      lower: span.lower === null || lower === null ? null : Math.min(span.lower, lower),
      upper: span.upper === null || upper === null ? null : Math.max(span.upper, upper),
    }),
    first,
  );
}

const NUMBER = String.raw`[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`;
/** "70 to 72", "70 percent to 72 percent", "70-72", "between 70 and 72". */
const RANGE_END = String.raw`(?: (?!to\b|and\b)\p{L}+)?\s*(?:-|–|to|(?<=between.*)and) ?(?<to>${NUMBER})`;
/** Numbers that are part of a word or an ordinal ("carbon-14", "76-key", "21st") are none. */
const FIGURE = new RegExp(
  [
    String.raw`(?<![\p{L}\d.,]|[\p{L}\d][-−])`,
    '(?<bound>(?:at least|more than|over|above|at most|up to|less than|under|below) )?',
    `(?<from>${NUMBER})(?:${RANGE_END})?`,
    String.raw`(?!-\p{L}|\d|(?:st|nd|rd|th)\b)\s*(?<unit>\p{L}*)`,
  ].join(''),
  'giu',
);

function findFigures(clause: string, template: string): readonly Figure[] {
  const words = splitWords(clause);
  const [left = '', right = ''] = template.split('[value]');
  const unit = toStem(splitWords(right)[0] ?? '');
  const given = splitWords(left + right);
  const share = coverage(listStems(given), words);
  return [...clause.matchAll(FIGURE)].flatMap((match) => {
    const { bound, from = '', to, unit: follower = '' } = match.groups ?? {};
    const hasUnit = unit !== '' && toStem(follower.toLowerCase()) === unit;
    const isGiven = !hasUnit && given.includes(from);
    if (isGiven || countNegators(splitWords(clause.slice(0, match.index))) % 2 === 1) return [];
    const isShort = words.length <= SHORT_CLAUSE;
    const weight = share + (hasUnit || isShort ? UNIT_WEIGHT : 0);
    return [{ interval: toBounds(bound, from, to), weight }];
  });
}

function toBounds(bound: string | undefined, from: string, to: string | undefined): Interval {
  const lower = parseNumber(from);
  if (to !== undefined) return { lower, upper: parseNumber(to) };
  if (/least|more|over|above/i.test(bound ?? '')) return { lower, upper: null };
  if (/most|up to|less|under|below/i.test(bound ?? '')) return { lower: null, upper: lower };
  return { lower, upper: lower };
}

function parseNumber(text: string): number {
  return Number(text.replaceAll(',', '').replace('−', '-'));
}

function withPercent(text: string): string {
  return text.replaceAll(/\s*%|\bper cent\b/g, ' percent');
}
