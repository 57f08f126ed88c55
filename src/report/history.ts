import { z } from 'zod';
import { type Verdict, VERDICTS } from '../gate/verdict.js';
import { jsonText } from '../base/json.js';
import { code } from '../base/sanitise.js';
import { folded, left, table } from './markdown.js';
import { COMMIT_ID } from '../base/hash.js';

/** What a run said of a commit of the pull request. For people only: no verdict ever rests on it. */
export interface PastVerdict {
  readonly commit: string;
  readonly verdict: Verdict;
  /** Who overrode it, for that commit alone. */
  readonly overriddenBy?: string;
}

/** Commits that are kept, the present one aside. */
const MAX_PAST = 10;

const pastSchema = z.strictObject({
  commit: z.string().regex(COMMIT_ID),
  verdict: z.enum(VERDICTS),
  overriddenBy: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,60}(\[bot\])?$/)
    .exactOptional(),
});
const stateSchema = z.strictObject({
  runs: z
    .array(pastSchema)
    .min(1)
    .max(MAX_PAST + 1),
});

/** The last line of a comment, and nothing that could end an HTML comment. */
const STATE_LINE = /\n<!-- mask-gate-state (\{[^<>]*\}) -->\s*$/;

/**
 * The verdicts that a comment remembers, that of its own commit first. A comment can be edited by others, so what does
 * not fit to the letter is none at all.
 */
export function readVerdicts(body: string): readonly PastVerdict[] {
  const text = STATE_LINE.exec(body)?.[1];
  return text === undefined ? [] : (jsonText.pipe(stateSchema).safeParse(text).data?.runs ?? []);
}

/** The present verdict, then those of other commits that a comment remembers: newest first, one a commit. */
export function withPast(
  present: PastVerdict,
  body: string | undefined,
): readonly [PastVerdict, ...PastVerdict[]] {
  const known = new Set([present.commit]);
  const past = readVerdicts(body ?? '').filter(({ commit }) => {
    const isNew = !known.has(commit);
    known.add(commit);
    return isNew;
  });
  return [present, ...past.slice(0, MAX_PAST)];
}

/** The hidden line by which the next run finds the verdicts again. */
export function stateLine(verdicts: readonly PastVerdict[]): string {
  const runs = verdicts.map(({ commit, verdict, overriddenBy }) => ({
    commit,
    verdict,
    ...(overriddenBy !== undefined && { overriddenBy }),
  }));
  return `<!-- mask-gate-state ${JSON.stringify({ runs })} -->`;
}

const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  unchanged: '✅',
  regressed: '❌',
  inconclusive: '⚠️',
  'no-baseline': '⚠️',
  'not-measured': '⛔',
  incomparable: '⛔',
  error: '⛔',
};

/** The verdicts on earlier commits, folded into one line; undefined when there are none. */
export function historySection(past: readonly PastVerdict[]): string | undefined {
  if (past.length === 0) return undefined;
  const signs = past.map(({ verdict }) => SIGNS[verdict]).join(' ');
  const rows = past.map(({ commit, verdict, overriddenBy }) => [
    code(commit.slice(0, 12)),
    `${SIGNS[verdict]} ${verdict}${describeOverride(overriddenBy)}`,
  ]);
  return folded(`Earlier commits: ${signs}`, table([left('commit'), left('verdict')], rows));
}

function describeOverride(actor: string | undefined): string {
  return actor === undefined ? '' : `, overridden by ${code(actor)} for that commit; expired`;
}
