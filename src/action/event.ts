import { z } from 'zod';
import type { Problem } from '../errors.js';
import type { RunOrigin } from '../gate/record.js';

/** What the runner says of itself, as read from its variables and the event's payload. */
export interface RunnerFacts {
  readonly eventName: string;
  readonly payload: unknown;
  readonly sha: string;
  readonly ref: string;
  readonly runId: string;
  readonly runAttempt: string;
}

/** What this run is about: what to do, whom to compare with, and where to report. */
export interface Occasion {
  readonly mode: 'gate' | 'record';
  readonly origin: RunOrigin;
  /** The base that the event names: the base of the pull request or queue, or what stood before the push. */
  readonly baselineCommit: string;
  /** The commit that is tested or recorded. */
  readonly headCommit: string;
  /** The commit whose configuration is policy; undefined where the checkout itself is trusted. */
  readonly policyCommit?: string;
  readonly pullRequest?: {
    readonly number: number;
    readonly isFork: boolean;
    /** GitHub's merge of head and base, which a checkout has unless the workflow says otherwise. */
    readonly mergeCommit: string;
  };
}

const repository = z.object({ full_name: z.string() });

const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha: z.string(), repo: repository.nullable() }),
    base: z.object({ sha: z.string(), repo: repository }),
  }),
});

const mergeGroupEvent = z.object({
  merge_group: z.object({ base_sha: z.string(), head_sha: z.string() }),
});

const pushEvent = z.object({
  before: z.string(),
  after: z.string(),
  repository: z.object({ default_branch: z.string() }),
});

const MODES = ['auto', 'gate', 'record'] as const;

/**
 * What an event asks for: pull requests and merge queues are gated, pushes to the default branch record.
 * `policyFromHead` takes the checkout for what it says: then no commit is named for policy.
 */
export function readOccasion(
  facts: RunnerFacts,
  { mode, policyFromHead }: { readonly mode: string; readonly policyFromHead: boolean },
): Occasion | { readonly problem: Problem } {
  const wanted = MODES.find((known) => known === mode);
  if (wanted === undefined) {
    return {
      problem: { where: 'mode', message: `must be one of ${MODES.join(', ')} (found "${mode}")` },
    };
  }
  const occasion = occasionOf(facts, policyFromHead);
  if ('problem' in occasion || wanted === 'auto' || wanted === occasion.mode) return occasion;
  if (wanted === 'record') {
    return {
      problem: {
        where: 'mode',
        message: `record works on pushes to the default branch only (this is ${facts.eventName}); use auto`,
      },
    };
  }
  return { ...occasion, mode: 'gate' };
}

function occasionOf(
  facts: RunnerFacts,
  policyFromHead: boolean,
): Occasion | { readonly problem: Problem } {
  const origin: RunOrigin = {
    commit: facts.sha,
    ref: facts.ref,
    event: facts.eventName,
    runId: facts.runId,
    runAttempt: facts.runAttempt,
  };
  switch (facts.eventName) {
    case 'pull_request':
      return read(pullRequestEvent, facts, ({ pull_request: { number, head, base } }) => ({
        mode: 'gate',
        origin: { ...origin, commit: head.sha },
        baselineCommit: base.sha,
        headCommit: head.sha,
        ...(policyFromHead ? {} : { policyCommit: base.sha }),
        pullRequest: {
          number,
          isFork: head.repo?.full_name !== base.repo.full_name,
          mergeCommit: facts.sha,
        },
      }));
    case 'merge_group':
      return read(
        mergeGroupEvent,
        facts,
        ({ merge_group: { base_sha: base, head_sha: head } }) => ({
          mode: 'gate',
          origin: { ...origin, commit: head },
          baselineCommit: base,
          headCommit: head,
          ...(policyFromHead ? {} : { policyCommit: base }),
        }),
      );
    case 'push':
      return read(pushEvent, facts, ({ before, after, repository: { default_branch: branch } }) =>
        facts.ref === `refs/heads/${branch}`
          ? {
              mode: 'record',
              origin: { ...origin, commit: after },
              baselineCommit: before,
              headCommit: after,
            }
          : refuse(
              `a push to ${facts.ref}, and only pushes to the default branch (${branch}) are recorded`,
            ),
      );
    case 'pull_request_target':
      return refuse(
        'pull_request_target, which would run with secrets on code from forks; use pull_request instead',
      );
    default:
      return refuse(
        `${facts.eventName}; use pull_request, merge_group, or push to the default branch`,
      );
  }
}

function read<T>(
  schema: z.ZodType<T>,
  facts: RunnerFacts,
  toOccasion: (event: T) => Occasion | { readonly problem: Problem },
): Occasion | { readonly problem: Problem } {
  const parsed = schema.safeParse(facts.payload);
  if (parsed.success) return toOccasion(parsed.data);
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'everything');
  return refuse(`${facts.eventName} with a payload that lacks ${fields.join(', ')}`);
}

function refuse(what: string): { readonly problem: Problem } {
  return { problem: { where: 'event', message: `this workflow runs on ${what}` } };
}
