import type { Promotion } from './promotion.js';
import type { GateRecord } from './record.js';
import { readBranchName, readTagName } from '../../base/refs.js';

/** A run of a workflow, as GitHub tells of it. */
export interface WorkflowRun {
  /** The commit that it ran for. */
  readonly commit: string;
  readonly event: string;
  /** Name of the branch or tag, as it was then. */
  readonly ref: string | null;
  /** The latest attempt so far. */
  readonly attempt: number;
  /** Where its head lies: another one for pull requests from forks. */
  readonly repository: string | null;
}

/** The repository that records are for. */
interface Home {
  readonly repository: string;
  readonly defaultBranch: string;
}

/** What GitHub tells of the origin of a record. */
export interface Origin {
  readonly home: Home;
  /** The commit under which the record was found. */
  readonly commit: string;
  /** The run that it names; undefined when it names none, or GitHub has none of that number. */
  readonly run: WorkflowRun | undefined;
  /** Whether the commit is on the first-parent line of the default branch; absent where that was not asked. */
  readonly isOnDefaultBranch?: boolean;
  /** The commits of the data branch that touched the file of the record; absent where that was not asked. */
  readonly changes?: readonly FileChange[];
}

/** A record as it was found. */
interface FoundRecord {
  /** Its file, in the place where records are kept. */
  readonly file: string;
  readonly commit: string;
  /** There for a record that a person promoted. */
  readonly promotion?: Promotion | undefined;
}

/** What confirms a record whose run is deleted: a commit of the data branch. */
interface SignedCommit {
  readonly signedCommit: string;
}

/** Why a record may not serve, or what it serves on in place of its run; undefined where GitHub confirms the run. */
export type FindRejection = (
  record: GateRecord,
  found: FoundRecord,
) => Promise<string | SignedCommit | undefined>;

/** A commit that touched a file, and who made it according to GitHub. */
export interface FileChange {
  readonly commit: string;
  /** Login; null where GitHub knows no account for it. */
  readonly author: string | null;
  readonly committer: string | null;
  /** Whether the author is the account of an app, such as that of GitHub Actions. */
  readonly isByApp: boolean;
  /** Whether GitHub found the signature of the commit to be valid. */
  readonly isVerified: boolean;
}

type Claim = Pick<GateRecord, 'provenance'>;

/** Events that run the workflow of a commit that was merged, on that commit. */
const BRANCH_EVENTS = ['push', 'schedule', 'workflow_dispatch'];
const TAG_EVENTS = ['push', 'release'];

/** Who signs the commits that apps make through GitHub's API. */
const SIGNER = 'web-flow';

/**
 * Why a record may not serve as baseline, going by the run that it claims to come from; undefined when nothing speaks
 * against it. Only runs for this very commit on the default branch, or on a tag of it, count: what a feature branch
 * or a pull request measured is not a baseline, and a record without a run may have been planted. The default branch may
 * have had another name then; its history has the commit all the same.
 */
export function findOriginFault(record: Claim, origin: Origin): string | undefined {
  const { runId, ref } = record.provenance;
  const { commit, run, home, isOnDefaultBranch } = origin;
  if (runId === null) return 'it names no run';
  if (record.provenance.commit !== commit) return 'it says that it is of another commit';
  if (!run) return findMissingRunFault(record, origin);
  const claim = findFalseClaim(record, run, home);
  if (claim !== undefined) return claim;
  const tag = readTagName(ref);
  const events = tag === undefined ? BRANCH_EVENTS : TAG_EVENTS;
  if (!events.includes(run.event)) return `run ${runId} was started by ${run.event}`;
  if (run.ref === (tag ?? home.defaultBranch)) return undefined;
  if (tag !== undefined) return `run ${runId} was not on that tag`;
  return isOnDefaultBranch === true
    ? undefined
    : `run ${runId} was not on the default branch, and its commit is not on the line of that branch`;
}

/** Whether the place of the commit in the default branch's history can make a difference for a record. */
export function isHistoryNeeded(
  { provenance }: Claim,
  { run, home }: Pick<Origin, 'run' | 'home'>,
): boolean {
  const isOfTag = readTagName(provenance.ref) !== undefined;
  return !run || (!isOfTag && run.ref !== home.defaultBranch);
}

/** Why the run of a record can be missing, in words. */
const GONE = 'deleted, older than the 400 days that GitHub keeps runs, or never there';

/**
 * Why a record may not serve whose run GitHub does not have. Then the data branch itself has to confirm it: one commit,
 * which GitHub signed for an app and so for a workflow's token, brought the file, and none changed it since.
 */
function findMissingRunFault(
  { provenance }: Claim,
  { isOnDefaultBranch, changes }: Origin,
): string | undefined {
  const { runId, event, ref } = provenance;
  const start = `GitHub knows no run ${String(runId)} (${GONE})`;
  const isOfBranch = readBranchName(ref) !== undefined && BRANCH_EVENTS.includes(event ?? '');
  const isOfTag = readTagName(ref) !== undefined && TAG_EVENTS.includes(event ?? '');
  if (!isOfBranch && !isOfTag) return start;
  if (!changes) return start;
  if (isOnDefaultBranch !== true) {
    return `${start}, and its commit is not on the line of the default branch`;
  }
  if (changes.length > 1) return `${start}, and its file was changed after it was written`;
  return findSignedCommit(changes) === undefined
    ? `${start}, and GitHub did not sign the commit that brought its file`
    : undefined;
}

/** The commit of the data branch that confirms a file: the only one, made by an app and signed by GitHub. */
export function findSignedCommit(changes: readonly FileChange[] | undefined): string | undefined {
  const [change, ...others] = changes ?? [];
  if (!change || others.length > 0) return undefined;
  const { commit, author, committer, isByApp, isVerified } = change;
  const isSignedByGitHub = isVerified && (committer === SIGNER || committer === author);
  return isByApp && isSignedByGitHub ? commit : undefined;
}

/**
 * Why a promoted record may not serve. The person who promoted it answers for where it was measured: any branch or event
 * will do, and so does no run at all, or one that GitHub does not have any more. But what it says of its run must be so, and
 * what a fork measured stays what a fork measured; where the run of a pull request is gone, that can't be told any more.
 *
 * @param run the run that the record names; undefined when it names none, or GitHub has none of that number
 */
export function findPromotionFault(
  record: Claim,
  { run, home }: Pick<Origin, 'run' | 'home'>,
): string | undefined {
  const { runId, event } = record.provenance;
  if (runId === null) return undefined;
  if (run) return findFalseClaim(record, run, home);
  return event !== null && [...BRANCH_EVENTS, ...TAG_EVENTS].includes(event)
    ? undefined
    : `GitHub knows no run ${runId} (${GONE}), so a fork may have measured it`;
}

/** Why a record that was found may not be used, for recorded and promoted ones. */
export function findFault(
  record: Claim,
  promotion: Promotion | undefined,
  origin: Origin,
): string | undefined {
  return promotion ? findPromotionFault(record, origin) : findOriginFault(record, origin);
}

/** What a record says of the run that made it, and GitHub does not. */
function findFalseClaim(
  { provenance }: Claim,
  run: WorkflowRun,
  home: Pick<Home, 'repository'>,
): string | undefined {
  const { runId, runAttempt, event, commit } = provenance;
  if (run.commit !== commit) return `run ${String(runId)} was for another commit`;
  if (run.repository?.toLowerCase() !== home.repository.toLowerCase()) {
    return `run ${String(runId)} was for another repository`;
  }
  if (Number(runAttempt) > run.attempt) return `run ${String(runId)} had no such attempt`;
  return run.event === event
    ? undefined
    : `run ${String(runId)} was started by another event than it says`;
}
