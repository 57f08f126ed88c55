import type { GitHub } from '../edges/github/client.js';
import { isOnLine } from '../gate/records/line.js';
import {
  type FileChange,
  findFault,
  findSignedCommit,
  isHistoryNeeded,
  type FindRejection,
} from '../gate/records/origin.js';

/**
 * Asks GitHub where records come from: for the run that each claims, and, where that does not settle it, for the place of its
 * commit in the history of the default branch. Each question is asked once.
 *
 * @param changesOf the commits that brought the file of a record, where those can confirm a record whose run is deleted: on a
 * data branch
 */
export function createOriginCheck(
  github: GitHub,
  changesOf?: (file: string) => Promise<readonly FileChange[]>,
): FindRejection {
  const runOf = once((id) => github.workflowRun(id));
  const isOnDefaultBranch = once(async (commit) =>
    isOnLine(github.line(await defaultBranch()), commit),
  );
  let asked: Promise<string> | undefined;
  const defaultBranch = (): Promise<string> => (asked ??= github.defaultBranch());
  return async (record, { file, commit, promotion }) => {
    const { runId } = record.provenance;
    const run = runId === null ? undefined : await runOf(runId);
    const home = { repository: github.repository, defaultBranch: await defaultBranch() };
    const origin = { home, commit, run };
    const fault = findFault(record, promotion, origin);
    const isSettled = fault === undefined || promotion !== undefined || runId === null;
    if (isSettled || !isHistoryNeeded(record, origin)) return fault;
    if (!run && !changesOf) return fault;
    const placed = { ...origin, isOnDefaultBranch: await isOnDefaultBranch(commit) };
    if (run || !changesOf) return findFault(record, promotion, placed);
    const changes = await changesOf(file);
    const signedCommit = findSignedCommit(changes);
    const missing = findFault(record, promotion, { ...placed, changes });
    return missing ?? (signedCommit === undefined ? undefined : { signedCommit });
  };
}

/** The same question gets the same answer, and is asked once. */
function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}
