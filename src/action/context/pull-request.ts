import { z } from 'zod';

/** The pull request that a run is about. */
export interface TestedPullRequest {
  readonly number: number;
  readonly isFork: boolean;
  /** GitHub's merge of head and base, which a checkout has unless the workflow says otherwise. */
  readonly mergeCommit: string;
  /** The labels that it had when the event happened. */
  readonly labels: readonly string[];
  /** The label that was set, and by whom, where that is the event. */
  readonly labeled?: { readonly label: string; readonly actor: string };
  /** The label that was removed, where that is the event. */
  readonly unlabeled?: string;
  /** Present where the event changes neither the head nor the base. */
  readonly aside?: Aside;
  /** Name of the default branch, where the event tells it. */
  readonly defaultBranch?: string;
}

/**
 * What an event without a new head or base did: something else (`other`), or it ended the pull request. What is closed
 * can be opened again, what is merged can't.
 */
type Aside = 'other' | 'closed' | 'merged';

/** The commits that an event names, and the branch of the base where it tells that. */
export interface ComparedCommits {
  readonly head: string;
  readonly base: string;
  readonly ref?: string;
}

const repository = z.object({ full_name: z.string() });

const named = z.object({ name: z.string() });

export const pullRequestEvent = z.object({
  action: z.string().optional(),
  label: named.optional(),
  sender: z.object({ login: z.string() }).optional(),
  changes: z.object({ base: z.unknown() }).partial().optional().catch(undefined),
  pull_request: z.object({
    number: z.int(),
    merged: z.boolean().nullish(),
    head: z.object({ sha: z.string(), repo: repository.nullable() }),
    base: z.object({ sha: z.string(), ref: z.string().optional(), repo: repository }),
    labels: z.array(named).default([]),
  }),
  repository: z.object({ default_branch: z.string() }).partial().optional(),
});

type PullRequestEvent = z.infer<typeof pullRequestEvent>;

/** Reads the event of a pull request. @param merge the commit of the run, GitHub's merge of head and base */
export function readPullRequest(
  event: PullRequestEvent,
  merge: string,
): { readonly sides: ComparedCommits; readonly pullRequest: TestedPullRequest } {
  const { action, label, sender, pull_request: pull } = event;
  const { number, head, base, labels } = pull;
  const aside = readAside(event);
  const defaultBranch = event.repository?.default_branch;
  return {
    sides: { head: head.sha, base: base.sha, ...(base.ref !== undefined && { ref: base.ref }) },
    pullRequest: {
      number,
      isFork: head.repo?.full_name !== base.repo.full_name,
      mergeCommit: merge,
      labels: labels.map(({ name }) => name),
      ...(action === 'labeled' &&
        label &&
        sender && { labeled: { label: label.name, actor: sender.login } }),
      ...(action === 'unlabeled' && label && { unlabeled: label.name }),
      ...(aside && { aside }),
      ...(defaultBranch !== undefined && { defaultBranch }),
    },
  };
}

/** The events after which something else may be tested than before. */
const CHANGES = ['opened', 'synchronize'];

function readAside({ action, changes, pull_request: pull }: PullRequestEvent): Aside | undefined {
  if (action === undefined || CHANGES.includes(action)) return undefined;
  if (action === 'closed') return pull.merged ? 'merged' : 'closed';
  // An edit is of the title or the text, unless it names the base that was left.
  if (action === 'edited' && changes?.base !== undefined) return undefined;
  return 'other';
}
