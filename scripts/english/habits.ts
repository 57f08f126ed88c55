/** A habit of writing that tires readers, and what to write instead. */
export interface Habit {
  readonly name: string;
  /** Without the flag `g`. */
  readonly pattern: RegExp;
  /** Uses of the same words that are plain English, or words of the benchmark. */
  readonly plain?: RegExp;
  readonly remedy: string;
}

const RATED =
  'replies|reply|calls|readings|answers|tokens|seconds|minutes|requests|samples|prompts|probes|examples|records|dollars|times';
const UNITS =
  'example|minute|second|hour|day|reply|call|run|row|archetype|side|token|million|model|suite';

/** Things that do not lie: a model lies in an example, and a file is in a folder. */
const PLACED =
  'files?|folders?|records?|prompts?|branch|branches|texts?|keys?|paths?|heads?|logs?|data|datasets?|rows?|values?|pages?|commits?|it|which|they|configurations?|baselines?';
const PLACES =
  'in|beside|behind|under|within|somewhere|elsewhere|between|above|below|there|at|on|outside|inside';

/** What no text of the project has: neither prose nor names. Lies of a model are the subject here, so "lies rose" is plain. */
export const HABITS: readonly Habit[] = [
  {
    name: 'is no X',
    pattern: /\b(?:is|are|was|were|be|been|being) no [a-z]+/i,
    plain:
      /\bthere (?:is|are|was|were|will be|can be|has been|have been|may be|must be) no\b|\b(?:is|are|was|were) no (?:longer|more|less|one)\b|\b(?:is|are|was|were) there no\b/i,
    remedy: 'is not a X',
  },
  { name: 'anew', pattern: /\banew\b/i, remedy: 'again, or from the start' },
  {
    name: 'a rate with "a"',
    pattern: new RegExp(`\\b(?:${RATED}) an? (?:${UNITS})\\b(?! process)`, 'i'),
    remedy: 'per',
  },
  {
    name: 'an unnamed actor',
    pattern: /\b(?:whoever|somebody|nobody)\b/i,
    remedy: 'the user, a maintainer, the author, GitHub, or no actor at all',
  },
  {
    name: 'stands in',
    pattern:
      /\b(?:stands?|stood|standing) (?:in|beside|behind|there|alone|twice|within|elsewhere)\b/i,
    remedy: 'is in, is stored in, is next to',
  },
  {
    name: 'lies in',
    pattern: new RegExp(`\\b(?:${PLACED}) (?:lie|lies|lay) (?:${PLACES})\\b`, 'i'),
    remedy: 'is in, is stored in, is next to',
  },
  {
    name: 'a superlative as a limit',
    pattern: /\b(?:MOST|FEWEST|LONGEST|SHORTEST|LARGEST|SMALLEST|BIGGEST|LEAST)_[A-Z_]+/,
    remedy: 'MAX_ or MIN_',
  },
];
