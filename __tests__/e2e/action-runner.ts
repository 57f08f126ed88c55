import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACTION_BUNDLE, type Finished, NODE_24, runProcess } from './process.js';

export interface ActionRun extends Finished {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the step kept for the end of the job. */
  readonly state: Readonly<Record<string, string>>;
}

export interface ActionRequest {
  readonly workspace: string;
  readonly eventName: string;
  readonly payload: unknown;
  readonly sha: string;
  readonly ref: string;
  readonly apiUrl: string;
  readonly repository: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly runId?: string;
  readonly runAttempt?: string;
  /** The folder that stays on the machine from run to run; by default nothing stays. */
  readonly cache?: string;
  /** Gets the process as soon as there is one. */
  readonly onStart?: (child: ChildProcess) => void;
  /** What an earlier process of the step kept: makes this the end of the job. */
  readonly state?: Readonly<Record<string, string>>;
  /** The file of the workflow in the repository; by default the runner names none. */
  readonly workflow?: string;
  /** In place of the payload, for one that is not JSON. */
  readonly payloadText?: string;
  /** In place of a file that can be written. */
  readonly summaryFile?: string;
  /** Further variables, which go before all others. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the committed Action as GitHub's runner does: Node 24, inputs as variables, files for what comes back. */
export async function runAction(request: ActionRequest): Promise<ActionRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-runner-'));
  const file = async (name: string, text: string): Promise<string> => {
    const place = path.join(folder, name);
    await writeFile(place, text);
    return place;
  };
  const outputFile = await file('output', '');
  const summaryFile = request.summaryFile ?? (await file('summary', ''));
  const inputs = Object.entries(request.inputs).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  const stateFile = await file('state', '');
  const kept = Object.entries(request.state ?? {}).map(
    ([name, value]) => [`STATE_${name}`, value] as const,
  );
  const finished = await runProcess(NODE_24, [ACTION_BUNDLE], {
    cwd: request.workspace,
    ...(request.onStart && { onStart: request.onStart }),
    env: {
      ...Object.fromEntries([...inputs, ...kept]),
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: request.apiUrl,
      GITHUB_EVENT_NAME: request.eventName,
      GITHUB_EVENT_PATH: await file(
        'event.json',
        request.payloadText ?? JSON.stringify(request.payload),
      ),
      GITHUB_OUTPUT: outputFile,
      GITHUB_REF: request.ref,
      GITHUB_REPOSITORY: request.repository,
      ...(request.cache !== undefined && { XDG_CACHE_HOME: request.cache }),
      GITHUB_RUN_ATTEMPT: request.runAttempt ?? '1',
      GITHUB_RUN_ID: request.runId ?? '4711',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_SHA: request.sha,
      GITHUB_STATE: stateFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      ...(request.workflow !== undefined && {
        GITHUB_WORKFLOW_REF: `${request.repository}/${request.workflow}@${request.ref}`,
      }),
      GITHUB_WORKSPACE: request.workspace,
      RUNNER_NAME: 'GitHub Actions 1',
      ...request.env,
    },
  });
  const run = {
    ...finished,
    outputs: parseOutputs(await readFile(outputFile, 'utf8')),
    state: parseOutputs(await readFile(stateFile, 'utf8')),
    summary: await readFile(summaryFile, 'utf8').catch(() => ''),
  };
  await rm(folder, { recursive: true });
  return run;
}

/** The runner's file format: `name<<delimiter`, lines of the value, `delimiter`. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const blocks = text.matchAll(/^(?<name>[\w-]+)<<(?<mark>.+)\n(?<value>[\s\S]*?)\n?\k<mark>$/gm);
  return Object.fromEntries(
    [...blocks].map(({ groups }) => [groups?.['name'] ?? '', groups?.['value'] ?? '']),
  );
}
