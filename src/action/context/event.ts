import { z } from 'zod';
import type { Head } from '../../edges/github/people.js';
import type { Problem } from '../../base/errors.js';
import type { RunOrigin } from '../../gate/records/record.js';
import { type ApprovalTrigger, type ReportTrigger, readForkRun } from './fork-run.js';
import { type EventKind, chooseMode } from './modes.js';
import {
  type ComparedCommits,
  type TestedPullRequest,
  pullRequestEvent,
  readPullRequest,
} from './pull-request.js';
import { readBranchName, readTagName } from '../../base/refs.js';

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
export interface RunTrigger {
  readonly mode: 'gate' | 'record';
  readonly origin: RunOrigin;
  /** The base that the event names, the commit before the push, or, on schedules and tags, the commit itself. */
  readonly baselineCommit: string;
  /** The commit that is tested or recorded. */
  readonly headCommit: string;
  /** The commit whose configuration is policy; undefined where the checkout itself is trusted. */
  readonly policyCommit?: string;
  /** The head that a reviewer let through, of which nothing is checked out. */
  readonly approved?: Head;
  readonly pullRequest?: TestedPullRequest;
}

export interface Refused {
  readonly problem: Problem;
}

/** An event as read, before the mode is chosen. */
type ParsedEvent =
  | { readonly scene: Exclude<EventKind, 'fork-run'>; readonly about: Omit<RunTrigger, 'mode'> }
  | { readonly scene: 'fork-run'; readonly runId: string };

const mergeGroupEvent = z.object({
  action: z.string().optional(),
  merge_group: z.object({
    base_sha: z.string(),
    base_ref: z.string().optional(),
    head_sha: z.string(),
  }),
});

const pushEvent = z.object({
  before: z.string(),
  after: z.string(),
  repository: z.object({ default_branch: z.string() }),
});

const releaseEvent = z.object({
  action: z.string(),
  release: z.object({ tag_name: z.string().min(1) }),
});

const dispatchEvent = z.object({ repository: z.object({ default_branch: z.string() }) });

const workflowRunEvent = z.object({
  action: z.string(),
  workflow_run: z.object({ id: z.int().positive() }),
});

/**
 * What an event asks for: pull requests and merge queues are gated; the default branch and tags are recorded; what a
 * fork's run left behind is reported, or its head gated once approved. With `policyFromHead` the checkout is trusted:
 * then no commit is named for policy.
 */
export function readTrigger(
  facts: RunnerFacts,
  { mode: wanted, policyFromHead }: { readonly mode: string; readonly policyFromHead: boolean },
): RunTrigger | ReportTrigger | ApprovalTrigger | Refused {
  const event = readEvent(facts);
  if ('problem' in event) return event;
  const chosen = chooseMode(wanted, event.scene, facts.eventName);
  if ('refusal' in chosen) return { problem: { where: 'mode', message: chosen.refusal } };
  if (event.scene === 'fork-run') {
    const isGate = chosen.mode === 'gate';
    return readForkRun(event.runId, toOrigin(facts, facts.sha), { isGate, policyFromHead });
  }
  const { policyCommit, ...trusting } = event.about;
  const about = policyFromHead || policyCommit === undefined ? trusting : event.about;
  return { ...about, mode: chosen.mode === 'record' ? 'record' : 'gate' };
}

function readEvent(facts: RunnerFacts): ParsedEvent | Refused {
  switch (facts.eventName) {
    case 'pull_request':
      return read(pullRequestEvent, facts, (event) => {
        const { sides, pullRequest } = readPullRequest(event, facts.sha);
        return toTestedEvent('pull-request', facts, sides, pullRequest);
      });
    case 'merge_group':
      return read(mergeGroupEvent, facts, ({ action, merge_group: group }) =>
        action === 'destroyed'
          ? refuse('a merge group that is destroyed; use types: [checks_requested]')
          : toTestedEvent('merge-queue', facts, {
              head: group.head_sha,
              base: group.base_sha,
              ...(group.base_ref !== undefined && {
                ref: readBranchName(group.base_ref) ?? group.base_ref,
              }),
            }),
      );
    case 'push':
      return read(pushEvent, facts, (event) => readPush(facts, event));
    case 'release':
      return read(releaseEvent, facts, ({ action, release }) =>
        ['deleted', 'unpublished'].includes(action)
          ? refuse(`a release that was ${action}`)
          : toRecordedEvent('tag', { ...facts, ref: `refs/tags/${release.tag_name}` }),
      );
    case 'schedule':
      return toRecordedEvent('default-branch', facts);
    case 'workflow_dispatch':
      return read(dispatchEvent, facts, ({ repository: { default_branch: branch } }) =>
        readBranchName(facts.ref) === branch
          ? toRecordedEvent('default-branch', facts)
          : refuse(`workflow_dispatch on ${facts.ref}; start it on the default branch (${branch})`),
      );
    case 'workflow_run':
      return read(workflowRunEvent, facts, ({ action, workflow_run: { id } }) =>
        action === 'completed'
          ? { scene: 'fork-run', runId: String(id) }
          : refuse(`a run that is ${action}; use types: [completed]`),
      );
    case 'pull_request_target':
      return refuse(
        'pull_request_target, which would run with secrets on code from forks; use pull_request instead',
      );
    default:
      return refuse(
        `${facts.eventName}; use pull_request, merge_group, push to the default branch or of a tag, release, schedule, workflow_dispatch, or workflow_run`,
      );
  }
}

function readPush(
  facts: RunnerFacts,
  { before, after, repository: { default_branch: branch } }: z.infer<typeof pushEvent>,
): ParsedEvent | Refused {
  if (/^0+$/.test(after)) return refuse(`a push that deletes ${facts.ref}`);
  // Of an annotated tag `after` is the tag and no commit.
  if (readTagName(facts.ref) !== undefined) return toRecordedEvent('tag', facts);
  if (readBranchName(facts.ref) !== branch) {
    return refuse(
      `a push to ${facts.ref}, and only pushes to the default branch (${branch}) and of tags are recorded`,
    );
  }
  return toRecordedEvent('default-branch', { ...facts, sha: after }, before);
}

/** A change that is tested under the policy of its base. */
function toTestedEvent(
  scene: 'pull-request' | 'merge-queue',
  facts: RunnerFacts,
  { head, base, ref }: ComparedCommits,
  pullRequest?: TestedPullRequest,
): ParsedEvent {
  const about = ref === undefined ? {} : { base: { ref, commit: base } };
  return {
    scene,
    about: {
      origin: { ...toOrigin(facts, head), ...about },
      baselineCommit: base,
      headCommit: head,
      policyCommit: base,
      ...(pullRequest && { pullRequest }),
    },
  };
}

/** A state of the repository itself, whose checkout is policy. */
function toRecordedEvent(
  scene: 'default-branch' | 'tag',
  facts: RunnerFacts,
  before = facts.sha,
): ParsedEvent {
  const { sha } = facts;
  return {
    scene,
    about: { origin: toOrigin(facts, sha), baselineCommit: before, headCommit: sha },
  };
}

function toOrigin({ ref, eventName, runId, runAttempt }: RunnerFacts, commit: string): RunOrigin {
  return { commit, ref, event: eventName, runId, runAttempt };
}

function read<T>(
  schema: z.ZodType<T>,
  facts: RunnerFacts,
  toEvent: (event: T) => ParsedEvent | Refused,
): ParsedEvent | Refused {
  const parsed = schema.safeParse(facts.payload);
  if (parsed.success) return toEvent(parsed.data);
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'everything');
  return refuse(`${facts.eventName} with a payload that lacks ${fields.join(', ')}`);
}

function refuse(what: string): Refused {
  return { problem: { where: 'event', message: `this workflow runs on ${what}` } };
}
