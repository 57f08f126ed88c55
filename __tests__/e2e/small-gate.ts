import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset.js';
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
  /** What every model call leaves a trace in. */
  readonly calls: () => string;
  /** Writes the configuration and other files into the workspace. */
  readonly checkOut: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** Runs the Action for an event; without a key unless the inputs have one. */
  readonly act: (
    about: Pick<ActionRequest, 'eventName' | 'payload' | 'sha' | 'ref'>,
    inputs: Readonly<Record<string, string>>,
    runId?: string,
  ) => Promise<ActionRun>;
  readonly close: () => Promise<void>;
}

/** @param settings further lines of the configuration */
export async function startSmallGate(settings = ''): Promise<SmallGate> {
  const github = await startGitHub();
  const simulation = await startSimulation({
    examples: (await loadDataset('sample', '.')).examples,
  });
  const workspace = await mkdtemp(path.join(tmpdir(), 'mask-gate-small-'));
  const config = `
suite: support-bot
target: { provider: sim, model: sim-pressured, system-prompt: ${PROMPT} }
judge: { provider: sim, model: sim-judge }
providers:
  sim: { base-url: "${simulation.url}", api-key-env: SIM_KEY, allow-private-endpoint: true }
samples: { record: 2 }
baseline: { store: directory, path: .mask-gate }
${settings}`;
  return {
    github,
    workspace,
    mainSha: await github.commit('main', { [CONFIG]: config, [PROMPT]: PLAIN }),
    calls: () => JSON.stringify(simulation.stats()),
    checkOut: async (files) => {
      for (const [file, text] of Object.entries({ [CONFIG]: config, ...files })) {
        await mkdir(path.dirname(path.join(workspace, file)), { recursive: true });
        await writeFile(path.join(workspace, file), text);
      }
    },
    act: (about, inputs, runId = '4711') =>
      runAction({
        workspace,
        apiUrl: github.apiUrl,
        repository: github.repository,
        runId,
        ...about,
        inputs: { 'github-token': github.tokens.workflow, ...inputs },
      }),
    close: async () => {
      await github.close();
      await simulation.close();
      await rm(workspace, { recursive: true });
    },
  };
}
