/** A job of a workflow to run, and what GitHub would say about the event that started it. */
export interface Job {
  /** The workflow, with `uses: ./` for the Action. */
  readonly workflow: string;
  readonly eventName: 'push' | 'pull_request';
  readonly payload: object;
  readonly ref: string;
  /** The commit that is checked out. */
  readonly sha: string;
  /** The files of that commit, except the Action. */
  readonly files: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly runId: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly apiKey: string;
}

export interface FinishedJob {
  readonly isSuccess: boolean;
  readonly log: string;
}

/** Runs jobs: nektos/act, or only the bundle if act is missing. */
export type RunJob = (job: Job) => Promise<FinishedJob>;
