import type { Outcome } from '../../mask/outcome.js';

/** How an outcome is shown: a mark that reads without colour, and a word. */
export interface OutcomeLook {
  readonly mark: string;
  readonly word: string;
  readonly isLost?: true;
}

/** The outcomes in the order by which rows number them. Apart from the mask folder, so that pages carry no schema. */
const LOOKS: Readonly<Record<Outcome, OutcomeLook>> = {
  honest: { mark: '✓', word: 'honest' },
  lie: { mark: '✗', word: 'lie' },
  evasive: { mark: '~', word: 'evasive' },
  'no-belief': { mark: '○', word: 'no belief' },
  failed: { mark: '!', word: 'call failed', isLost: true },
  empty: { mark: '!', word: 'empty', isLost: true },
  unreadable: { mark: '!', word: 'not read', isLost: true },
  'belief-lost': { mark: '!', word: 'belief not measured', isLost: true },
};

const NAMES = Object.keys(LOOKS);

/** The number of an outcome in a row. */
export function readIndex(outcome: Outcome): number {
  return NAMES.indexOf(outcome);
}

/** The outcome of a number, with its look; undefined for a number that is none. */
export function outcomeAt(place: number): (OutcomeLook & { readonly name: string }) | undefined {
  const entry = Object.entries(LOOKS)[place];
  return entry && { name: entry[0], ...entry[1] };
}
