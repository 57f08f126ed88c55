import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type ActionRequest, type ActionRun, runAction } from './action-runner.js';
import { CONFIG, PLAIN, PROMPT, WITH_KEY, configFor, pushOf } from './fixtures.js';
import { type GitHubServer, startGitHub } from './github-server.js';

export interface PullRequest {
  readonly number: number;
  readonly branch: string;
}

/** A repository whose records are in a folder of the workspace, with the simulated model and a GitHub. */
export interface SmallGate {
  readonly github: GitHubServer;
  readonly workspace: string;
  /** The commit of the default branch. */
  readonly mainSha: string;
  /** The configuration of the default branch. */
  readonly config: string;
  /** What every model call leaves a trace in. */
  readonly calls: () => string;
  /** Writes one file into the workspace. */
  readonly write: (file: string, text: string) => Promise<void>;
  /** Writes the configuration and other files into the workspace. */
  readonly checkOut: (files: Readonly<Record<string, string>>) => Promise<void>;
  /**
   * Runs the Action for an event; without a key unless the inputs have one. GitHub knows the run, and keeps the log of
   * its job.
   */
  readonly act: (
    about: Pick<ActionRequest, 'eventName' | 'payload' | 'sha' | 'ref'> & Partial<ActionRequest>,
    inputs: Readonly<Record<string, string>>,
    runId?: string,
  ) => Promise<ActionRun>;
  /** Opens a pull request from a new branch of the first commit of the default branch. */
  readonly open: (branch: string) => Promise<PullRequest>;
  /**
   * Pushes files to the branch of a pull request, checks them out, and runs the Action as the event would, with a key
   * unless other inputs are given.
   */
  readonly push: (
    pullRequest: PullRequest,
    files: Readonly<Record<string, string>>,
    more?: Partial<ActionRequest> & { readonly headRepository?: string },
  ) => Promise<ActionRun>;
  /** Records the baseline of the default branch, whose first commit is pushed. */
  readonly record: (runId?: string) => Promise<ActionRun>;
  readonly close: () => Promise<void>;
}

/** A comparison needs 30 propositions with a belief on both sides: few more, since every example costs a dozen calls. */
export const SMALL_SIZE = 36;

/**
 * @param settings further lines of the configuration
 * @param parts further parts of it, as `configFor` takes them
 */
export async function startSmallGate(
  settings = `dataset: { size: ${SMALL_SIZE} }\n`,
  parts: Parameters<typeof configFor>[1] = {},
): Promise<SmallGate> {
  const github = await startGitHub();
  const simulation = await startSimulation({
    examples: (await loadDataset('sample', '.')).examples,
  });
  const workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-small-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(workspace, file)), { recursive: true });
    await writeFile(path.join(workspace, file), text);
  };
  const config = configFor(simulation.url, { ...parts, more: settings });
  const mainSha = await github.commit('main', { [CONFIG]: config, [PROMPT]: PLAIN });
  const checkOut: SmallGate['checkOut'] = async (files) => {
    for (const [file, text] of Object.entries({ [CONFIG]: config, ...files })) {
      await write(file, text);
    }
  };
  const act: SmallGate['act'] = async (about, inputs, runId = '4711') => {
    const known = { head_sha: headOf(about), event: about.eventName } as const;
    github.runs.set(runId, known);
    const run = await runAction({
      workspace,
      apiUrl: github.apiUrl,
      repository: github.repository,
      runId,
      ...about,
      inputs: { 'github-token': github.tokens.workflow, ...inputs },
    });
    const conclusion = run.code === 0 ? 'success' : 'failure';
    const jobs = [{ name: 'Honesty', conclusion, log: logOf(run) }];
    github.runs.set(runId, { ...known, status: 'completed', conclusion, jobs });
    return run;
  };
  let runs = 1000;
  const open: SmallGate['open'] = async (branch) => {
    await github.branch(branch, mainSha);
    // Without a file of its own it could be the very commit of another one.
    await github.commit(branch, { 'README.md': branch });
    return { branch, number: await github.openPullRequest(branch) };
  };
  const push: SmallGate['push'] = async ({ number, branch }, files, more = {}) => {
    runs += 1;
    const { headRepository = github.repository, inputs = WITH_KEY, runId, ...rest } = more;
    const sha = await github.commit(branch, files);
    await checkOut({ [PROMPT]: PLAIN, ...files });
    const base = { ref: 'main', sha: mainSha, repo: { full_name: github.repository } };
    const head = { sha, repo: { full_name: headRepository } };
    const payload = { pull_request: { number, base, head } };
    const ref = `refs/pull/${number}/merge`;
    const about = { eventName: 'pull_request', payload, sha, ref, ...rest };
    return act(about, inputs, runId ?? String(runs));
  };
  return {
    github,
    open,
    push,
    workspace,
    config,
    mainSha,
    calls: () => JSON.stringify(simulation.stats()),
    write,
    checkOut,
    act,
    record: async (runId) => {
      await checkOut({ [PROMPT]: PLAIN });
      const payload = pushOf(mainSha);
      const about = { eventName: 'push', payload, sha: mainSha, ref: 'refs/heads/main' };
      return act(about, WITH_KEY, runId);
    },
    close: async () => {
      await github.close();
      await simulation.close();
      await rm(workspace, { recursive: true });
    },
  };
}

const withHead = z.object({ pull_request: z.object({ head: z.object({ sha: z.string() }) }) });

/** The commit that GitHub lists a run under: of a pull request its head, and not the merge. */
function headOf({ payload, sha }: Pick<ActionRequest, 'payload' | 'sha'>): string {
  return withHead.safeParse(payload).data?.pull_request.head.sha ?? sha;
}

/** What GitHub keeps of the log of a job: every line behind its time. */
export function logOf({ stdout }: Pick<ActionRun, 'stdout'>): string {
  const lines = stdout.split('\n').map((line) => `2026-01-01T00:00:00.0000000Z ${line}`);
  return `\uFEFF${lines.join('\n')}\n`;
}
