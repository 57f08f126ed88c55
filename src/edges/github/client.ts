import { type GitHubConnection, openApi } from './api.js';
import { type DataBranch, openDataBranch } from './branch.js';
import { type CheckResult, concludeCheck, concludeOpenChecks, openCheck } from './checks.js';
import { type CommentRequest, type CommentResult, upsertComment } from './comments.js';
import { type DownloadedFile, download, exists, readFile } from './contents.js';
import { listApprovers } from './approvals.js';
import { type FileDiff, readChange } from './change.js';
import { findKeeperAt } from './places.js';
import { readPlainText } from './plain.js';
import type { FoundFile, FileRequest } from '../files/files.js';
import type { Keeper } from '../files/pointers.js';
import { type FirstParents, mergeBase, openLine, listParents } from './history.js';
import type { Line } from '../../gate/records/line.js';
import {
  type Head,
  type PullRequestState,
  isMaintainer,
  readLastNote,
  listPullRequestsFrom,
  fetchPullRequest,
} from './people.js';
import {
  type Job,
  type RunOnCommit,
  listJobs,
  listRunsOnHead,
  readDefaultBranch,
  readJobLog,
  readWorkflowRun,
} from './runs.js';
import type { WorkflowRun } from '../../gate/records/origin.js';

/** What this project asks of GitHub. Built by `connectGitHub`, for github.com and GitHub Enterprise alike. */
export interface GitHub {
  /**
   * The text of a file at a commit; undefined when it does not exist.
   *
   * @param setting what names the file, for messages; its path where it is left out
   * @throws UsageError when it is not a file, or another tool keeps its content
   */
  readFile(path: string, ref: string, setting?: string): Promise<string | undefined>;
  /** A text file at a commit, as strict as for the workspace: a regular file behind no link, UTF-8, at most 1 MiB. */
  readPlainText(file: Omit<FileRequest, 'root'>, ref: string): Promise<FoundFile<string>>;
  /** What keeps the content of a file or folder at a commit elsewhere: a submodule, a link, DVC; undefined where nothing does. */
  findKeeper(path: string, ref: string): Promise<Keeper | undefined>;
  /** Whether a file or folder is there at a commit. */
  exists(path: string, ref: string): Promise<boolean>;
  /** A file, or all files of a folder, at a commit; empty when it is not there. */
  download(path: string, ref: string): Promise<readonly DownloadedFile[]>;
  /** The parents of a commit, first parent first; undefined when it can't be seen with this token. */
  parentsOf(sha: string): Promise<readonly string[] | undefined>;
  /** The last commit that two have in common; undefined where they have none. */
  mergeBase(base: string, head: string): Promise<string | undefined>;
  /** The first-parent line of a commit or a branch, walked as far as it is needed. */
  line(start: string): Line;
  /** Name of the default branch. */
  defaultBranch(): Promise<string>;
  /** `owner/name` of the repository. */
  readonly repository: string;
  /** A run of a workflow; undefined when there is none of that number. */
  workflowRun(id: string): Promise<WorkflowRun | undefined>;
  /** The runs of a run's workflow on pull requests with a head, the one that started last first. */
  runsOnHead(about: {
    readonly runId: string;
    readonly head: string;
  }): Promise<readonly RunOnCommit[]>;
  /** The jobs of the last attempt of a run. */
  jobsOf(runId: string): Promise<readonly Job[]>;
  /** The log of a job; undefined where it is not there any more. */
  jobLog(jobId: number): Promise<string | undefined>;
  /** A pull request as it is now. */
  pullRequest(number: number): Promise<PullRequestState>;
  /** Where a pull request is now: open or not, from which head, to which base. */
  change(number: number, expectedHead: string): Promise<FileDiff>;
  /** Who let a run of a workflow go on to an environment with reviewers. */
  approversOf(runId: string): Promise<readonly string[]>;
  /** The open pull requests that have this very head, with the commits of their bases. */
  pullRequestsFrom(
    head: Head,
  ): Promise<readonly { readonly number: number; readonly base: string }[]>;
  /** Whether a user has the role maintain or admin in this repository. */
  isMaintainer(login: string): Promise<boolean>;
  /** The last comment of a user on a pull request that starts with a word; the rest of that line. */
  lastNote(note: Parameters<typeof readLastNote>[1]): Promise<string | undefined>;
  /** The branch that holds records. */
  dataBranch(name: string): DataBranch;
  /** Opens a check run on a commit. */
  openCheck(check: { readonly name: string; readonly commit: string }): Promise<CheckResult>;
  /** Ends a check run; with `ifOpen` only where it has not ended yet. */
  concludeCheck(check: Parameters<typeof concludeCheck>[1]): Promise<void>;
  /** Concludes the open check runs of a name on a commit, except one. */
  concludeOpenChecks(check: Parameters<typeof concludeOpenChecks>[1]): Promise<void>;
  /** Sees to it that one comment of our own stands, and says what is current. */
  upsertComment(comment: CommentRequest): Promise<CommentResult>;
}

/** Connects to GitHub's REST API with a token. */
export function connectGitHub(connection: GitHubConnection): GitHub {
  const api = openApi(connection);
  const known: FirstParents = new Map();
  return {
    readFile: (path, ref, setting = path) => readFile(api, { path, ref }, setting),
    findKeeper: (path, ref) => findKeeperAt(api, { path, ref }),
    readPlainText: (file, ref) => readPlainText(api, file, ref),
    exists: (path, ref) => exists(api, { path, ref }),
    download: (path, ref) => download(api, { path, ref }),
    parentsOf: (sha) => listParents(api, sha),
    mergeBase: (base, head) => mergeBase(api, base, head),
    defaultBranch: () => readDefaultBranch(api),
    repository: `${connection.repository.owner}/${connection.repository.repo}`,
    workflowRun: (id) => readWorkflowRun(api, id),
    runsOnHead: (about) => listRunsOnHead(api, about),
    jobsOf: (runId) => listJobs(api, runId),
    jobLog: (jobId) => readJobLog(api, jobId),
    pullRequest: (number) => fetchPullRequest(api, number),
    change: (number, expectedHead) => readChange(api, number, expectedHead),
    approversOf: (runId) => listApprovers(api, runId),
    pullRequestsFrom: (head) => listPullRequestsFrom(api, head),
    isMaintainer: (login) => isMaintainer(api, login),
    lastNote: (note) => readLastNote(api, note),
    line: (start) => openLine(api, start, known),
    dataBranch: (name) => openDataBranch(api, name),
    openCheck: (check) => openCheck(api, check),
    concludeCheck: (check) => concludeCheck(api, check),
    concludeOpenChecks: (check) => concludeOpenChecks(api, check),
    upsertComment: (comment) => upsertComment(api, comment),
  };
}
