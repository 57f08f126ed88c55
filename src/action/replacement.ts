import type { Config } from '../config/config.js';
import { committedPath } from '../config/place.js';
import type { Deferred } from '../config/policy.js';
import { normalisePath } from '../config/values.js';
import type { GitHub } from '../edges/github/client.js';
import { toMessage, toReason } from '../base/errors.js';
import type { Anchor } from '../gate/records/anchor.js';
import { parseStored } from '../gate/records/baseline.js';
import type { CommittedBaseline, Replacement } from '../gate/records/replacement.js';
import type { RunTrigger } from './context/event.js';
import type { FindRejection } from '../gate/records/origin.js';

/** What it takes to see whether a change replaces the committed baseline. */
export interface ReplacementRequest {
  readonly config: Pick<Config, 'baseline' | 'suite'>;
  readonly trigger: RunTrigger;
  readonly anchor: Anchor;
  readonly github: GitHub;
  readonly findRejection: FindRejection;
  /** Settings that wait for the merge: one of them may name another file. */
  readonly deferred: readonly Deferred[];
  /** Told why it could not be found out. */
  readonly warn: (text: string) => void;
}

/**
 * The committed baseline that a change replaces; undefined where it leaves the file as it is, or nothing is committed. The
 * change is what the tested tree has other than the commit that it is based on. Never keeps a run from its verdict.
 */
export async function findReplacement(
  request: ReplacementRequest,
): Promise<Replacement | undefined> {
  const { config, trigger, warn } = request;
  if (config.baseline.store !== 'committed' || trigger.mode === 'record') return undefined;
  const { path } = config.baseline;
  try {
    return await compareSides({ before: path, after: pathAfter(request, path) }, request);
  } catch (error) {
    warn(`Could not find out whether ${path} changes: ${toMessage(error)}`);
    return undefined;
  }
}

/** The file that counts after the merge. */
function pathAfter({ config, deferred }: ReplacementRequest, path: string): string {
  const move = deferred.find(({ key }) => key === 'baseline.path');
  if (!move) return path;
  return typeof move.to === 'string' ? normalisePath(move.to) : committedPath(config.suite);
}

async function compareSides(
  paths: { readonly before: string; readonly after: string },
  { config, trigger, anchor, github, findRejection }: ReplacementRequest,
): Promise<Replacement | undefined> {
  const tested = testedCommit(trigger, anchor);
  const before = await readSide(paths.before, anchor.commit, github);
  const after = await readSide(paths.after, tested, github);
  if (isSame(before, after)) return undefined;
  // A commit that GitHub does not show has no files either.
  if (after === undefined && !(await github.parentsOf(tested))) return undefined;
  const read = async (path: string, text: CommittedSide): Promise<CommittedBaseline> => {
    if (text === undefined) return { status: 'absent' };
    if (typeof text !== 'string') return { status: 'unreadable', ...text };
    const lookup = parseStored(text, { where: path, distance: null, suite: config.suite });
    if (lookup.status === 'corrupt') return { status: 'unreadable', reason: lookup.reason };
    if (lookup.status !== 'found') return { status: 'unreadable', reason: 'it contains no record' };
    const { record, promotion } = lookup;
    const found = { file: path, commit: record.provenance.commit ?? '', promotion };
    const origin = await findRejection(record, found);
    const fault = typeof origin === 'string' ? origin : undefined;
    return { status: 'read', record, promotion, fault };
  };
  return {
    where: paths.after,
    before: await read(paths.before, before),
    after: await read(paths.after, after),
  };
}

/** The text of the file, or why it can't be read; undefined where it is not there. */
type CommittedSide = string | { readonly reason: string } | undefined;

function readSide(path: string, commit: string, github: GitHub): Promise<CommittedSide> {
  return github.readFile(path, commit, 'baseline.path').catch(toReason);
}

/** What can't be read on either side is told by the look-up of the baseline. */
function isSame(before: CommittedSide, after: CommittedSide): boolean {
  return before === after || (typeof before === 'object' && typeof after === 'object');
}

/** The commit whose tree is tested: GitHub's merge, where the baseline was looked for at its first parent. */
function testedCommit({ headCommit, pullRequest }: RunTrigger, { kind }: Anchor): string {
  return kind === 'merge-parent' && pullRequest ? pullRequest.mergeCommit : headCommit;
}
