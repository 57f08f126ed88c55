import { computeHash } from '../base/hash.js';
import type { RecordedBase } from './records/record.js';
import { type Verdict, VERDICTS } from './verdict.js';

/**
 * What a run leaves in its log for later runs on the same commit and base: events that change nothing that is tested
 * repeat its verdict.
 */
export interface VerdictMark {
  readonly suite: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** The run that measured it, however often it was repeated since. */
  readonly run: string;
  /** Hash over everything that the verdict depends on; see `pairOf`. */
  readonly pair: string;
  /** Whether a maintainer let it through. */
  readonly isOverridden: boolean;
}

/** What a verdict holds for. */
export interface ComparedPair {
  readonly head: string;
  readonly base: RecordedBase;
  /** The settings in force; a workflow may choose them by label. */
  readonly settings: unknown;
  readonly tool: string;
}

/** One hash for head, base and settings. */
export function toPairKey({ head, base, settings, tool }: ComparedPair): string {
  return computeHash({ head, base, settings, tool });
}

const START = 'This verdict holds until the commit, its base or the settings change:';

/** The line of the log. It holds no foreign text. */
export function formatMarkLine({
  suite,
  verdict,
  exitCode,
  run,
  pair,
  isOverridden,
}: VerdictMark): string {
  const end = isOverridden ? ' overridden' : '';
  return `${START} suite=${suite} verdict=${verdict} exit=${exitCode} run=${run} pair=${pair}${end}`;
}

/** A line of a job's log: the time that the runner puts before it, and nothing else before or behind the mark. */
const MARK = new RegExp(
  `^\\uFEFF?\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${START} suite=([a-z0-9-]+) verdict=([a-z-]+) exit=([0-4]) run=(\\d{1,16}) pair=([0-9a-f]{64})( overridden)?\\r?$`,
  'gm',
);

/** The marks in the log of a job, as GitHub keeps it. */
export function readMarks(log: string): readonly VerdictMark[] {
  return [...log.matchAll(MARK)].flatMap(
    ([, suite = '', word, exit, run = '', pair = '', overridden]) => {
      const verdict = VERDICTS.find((one) => one === word);
      if (verdict === undefined) return [];
      const isOverridden = overridden !== undefined;
      return [{ suite, verdict, exitCode: Number(exit), run, pair, isOverridden }];
    },
  );
}

/** A job of an earlier run, as far as GitHub tells of it. */
export interface PastJob {
  readonly conclusion: string | null;
  /** Undefined where GitHub does not have it any more. */
  readonly log: string | undefined;
}

/** What an earlier job says about a pair: a verdict, nothing (`next`), or something that can't be relied on. */
export type VerdictSearch = { readonly mark: VerdictMark } | 'next' | 'unknown';

/** Verdicts that are not asked for again. Errors, and what was not measured or compared, are tried again. */
const LASTING: readonly Verdict[] = [
  'pass',
  'unchanged',
  'regressed',
  'inconclusive',
  'no-baseline',
];

/**
 * Reads what an earlier job says about a pair. A green verdict counts only where GitHub itself calls the job a success;
 * a red one needs no such proof.
 */
export function findInJob(
  { conclusion, log }: PastJob,
  { suite, pair }: Pick<VerdictMark, 'suite' | 'pair'>,
): VerdictSearch {
  if (conclusion === 'cancelled' || conclusion === 'skipped') return 'next';
  if (log === undefined) return 'unknown';
  const own = readMarks(log).filter((mark) => mark.suite === suite);
  const [mark, ...others] = own;
  // A job that ended without a mark failed on the way; two marks of one suite contradict each other.
  if (!mark || others.some((other) => other.pair !== mark.pair || other.exitCode !== mark.exitCode))
    return 'unknown';
  if (mark.pair !== pair) return 'next';
  if (!LASTING.includes(mark.verdict)) return 'unknown';
  return mark.exitCode === 0 && conclusion !== 'success' ? 'unknown' : { mark };
}
