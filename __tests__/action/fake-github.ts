import type { GitHub } from '../../src/edges/github/client.js';
import { createLine } from '../../src/gate/records/line.js';

/** The texts of files by commit and path. */
export type Commits = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The target of a link in a commit. */
export const LINK = 'a link';

/** A GitHub that knows some commits, and records the requests. */
export function fakeGitHub(
  commits: Commits,
  parents: readonly string[] = [],
): GitHub & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const within = (path: string, ref: string): readonly (readonly [string, string])[] => {
    asked.push(`${path}@${ref}`);
    return Object.entries(commits[ref] ?? {}).filter(
      ([name]) => name === path || name.startsWith(`${path}/`),
    );
  };
  return {
    asked,
    readFile: (path, ref) =>
      Promise.resolve(within(path, ref).find(([name]) => name === path)?.[1]),
    exists: (path, ref) => Promise.resolve(within(path, ref).length > 0),
    download: (path, ref) =>
      Promise.resolve(
        within(path, ref).map(([name, text]) => ({
          path: name,
          bytes: Buffer.from(text),
          ...(text === LINK && { isLink: true as const }),
        })),
      ),
    findKeeper: () => Promise.resolve(undefined),
    parentsOf: (sha) => Promise.resolve(sha in commits ? [] : undefined),
    mergeBase: (base) => Promise.resolve(base),
    defaultBranch: () => Promise.resolve('main'),
    repository: 'octocat/bot',
    workflowRun: () => Promise.resolve(undefined),
    line: (start) => createLine([start, ...parents]),
    runsOnHead: () => Promise.resolve([]),
    jobsOf: () => Promise.resolve([]),
    jobLog: () => Promise.resolve(undefined),
    pullRequest: () => Promise.reject(new Error('nothing here has pull requests')),
    readPlainText: () => Promise.reject(new Error('nothing here reads heads')),
    change: () => Promise.reject(new Error('nothing here has pull requests')),
    approversOf: () => Promise.resolve([]),
    pullRequestsFrom: () => Promise.resolve([]),
    isMaintainer: () => Promise.resolve(false),
    lastNote: () => Promise.resolve(undefined),
    dataBranch: () => {
      throw new Error('nothing here has a data branch');
    },
    openCheck: () => Promise.reject(new Error('nothing here has checks')),
    concludeCheck: () => Promise.reject(new Error('nothing here has checks')),
    concludeOpenChecks: () => Promise.reject(new Error('nothing here has checks')),
    upsertComment: () => Promise.reject(new Error('nothing here comments')),
  };
}
