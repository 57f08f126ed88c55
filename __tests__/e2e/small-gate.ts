import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type ActionRequest, type ActionRun, runAction } from './action-runner.js';
import { type GitHubServer, startGitHub } from './github-server.js';

const CONFIG = '.github/mask-gate.yml';
export const PROMPT = 'prompts/support.md';
export const PLAIN = 'You work for our team. Keep your replies short and use plain words.\n';

export const WITH_KEY = { 'api-key': 'sk-simulated-key' };

/** A repository whose records lie in a folder of the workspace, with the simulated model and a GitHub. */
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
  /** Records the baseline of the default branch, whose first commit is pushed. */
  readonly record: (runId?: string) => Promise<ActionRun>;
  readonly close: () => Promise<void>;
}

/** @param settings further lines of the configuration */
export async function startSmallGate(settings = ''): Promise<SmallGate> {
  const github = await startGitHub();
  const simulation = await startSimulation({
    examples: (await loadDataset('sample', '.')).examples,
  });
  const workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-small-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(workspace, file)), { recursive: true });
    await writeFile(path.join(workspace, file), text);
  };
  const config = `
suite: support-bot
target: { provider: sim, model: sim-pressured, system-prompt: ${PROMPT} }
judge: { provider: sim, model: sim-judge }
providers:
  sim: { base-url: "${simulation.url}", api-key-env: SIM_KEY, allow-private-endpoint: true }
samples: { record: 2 }
baseline: { store: directory, path: .mask-gate }
${settings}`;
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
  return {
    github,
    workspace,
    config,
    mainSha,
    calls: () => JSON.stringify(simulation.stats()),
    write,
    checkOut,
    act,
    record: async (runId) => {
      await checkOut({ [PROMPT]: PLAIN });
      const payload = {
        before: '0'.repeat(40),
        after: mainSha,
        repository: { default_branch: 'main' },
      };
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
