import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../src/edges/dataset/dataset.js';
import { recordSchema } from '../../src/gate/records/record.js';
import { startSimulation } from '../../src/simulation/server.js';
import { type ActionRequest, type ActionRun, runAction } from './action-runner.js';
import { type GitHubServer, type Sent, startGitHub } from './github-server.js';
import { points } from './terminate.js';
import { type Wire, startWire } from './wire.js';
import { SMALL_SIZE } from './small-gate.js';
import { CONFIG, DISHONEST, PLAIN, PROMPT, configFor, pushOf } from './fixtures.js';

const RECORD = '.github/mask-gate/support-bot.baseline.json';

/** Most calls in flight of each role. */
const CEILING = 4;
const IN_FLIGHT = 2 * CEILING;
const PROBES_OF_A_START = 1;

let folder: string;
let github: GitHubServer;
let simulation: Awaited<ReturnType<typeof startSimulation>>;
let wire: Wire;
let base: string;
let files: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-action-kills-'));
  github = await startGitHub();
  await github.grantWrite();
  const { examples } = await loadDataset('sample', '.');
  simulation = await startSimulation({ examples, latencyMs: 5 });
  wire = await startWire(simulation.url);

  files = { [CONFIG]: config(), [PROMPT]: PLAIN };
  base = await github.commit('main', files);
  const workspace = await checkOut('recording', files);
  github.runs.set('800', { head_sha: base });
  const push = { workspace, eventName: 'push', payload: pushOf(base), runId: '800' };
  const { code } = await runAction(request(push));
  if (code !== 0) throw new Error('there is no baseline');
  const record = await readFile(path.join(workspace, RECORD), 'utf8');
  base = await github.commit('main', { [RECORD]: record });
});

afterAll(async () => {
  await wire.close();
  await simulation.close();
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(() => {
  github.fault = undefined;
  wire.after(Infinity, () => undefined);
});

/** Without looks on the way: behind one that ends a run, some calls are under way in vain, now more and now less. */
const config = (earlyStop = false): string =>
  configFor(wire.url, {
    target: ', extra-body: { seed: 7 }',
    judge: ', extra-body: { seed: 7 }',
    provider: `, concurrency: ${CEILING}`,
    baseline: '{ store: committed }',
    more: `gate: { early-stop: ${earlyStop} }\ndataset: { size: ${SMALL_SIZE} }\n`,
  });

async function checkOut(name: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const workspace = path.join(folder, name, 'workspace');
  for (const [file, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(workspace, file)), { recursive: true });
    await writeFile(path.join(workspace, file), text);
  }
  return workspace;
}

function request(more: Partial<ActionRequest>): ActionRequest {
  return {
    workspace: folder,
    eventName: 'pull_request',
    payload: {},
    sha: base,
    ref: 'refs/heads/main',
    apiUrl: github.apiUrl,
    repository: github.repository,
    inputs: {
      'api-key': 'sk-simulated-key',
      'github-token': github.tokens.workflow,
      'check-run': 'true',
    },
    ...more,
  };
}

/** The job of a pull request, which may be attempted again on the machine on which it was. */
interface Job {
  readonly head: string;
  readonly number: number;
  attempt(more?: Partial<ActionRequest>): Promise<Attempt>;
  /** The end of the job, as the runner makes it, with what the step kept. */
  end(attempt: ActionRun): Promise<ActionRun>;
  checks(): Promise<readonly string[]>;
}

interface Attempt extends ActionRun {
  /** Requests of this one process to the provider. */
  readonly asked: number;
}

async function open(name: string, from = base): Promise<Job> {
  await github.branch(name, from);
  // Without a file of its own it could be the very commit of another job.
  const head = await github.commit(name, { 'README.md': name, [PROMPT]: DISHONEST });
  const number = await github.openPullRequest(name);
  const workspace = await checkOut(name, { ...files, [PROMPT]: DISHONEST });
  const repo = { full_name: github.repository };
  const about = {
    workspace,
    payload: {
      pull_request: { number, head: { sha: head, repo }, base: { sha: from, repo } },
    },
    sha: head,
    ref: `refs/pull/${number}/merge`,
    cache: path.join(folder, name, 'cache'),
  };
  return {
    head,
    number,
    attempt: async (more) => {
      const before = wire.asked();
      const run = await runAction(request({ ...about, ...more }));
      return { ...run, asked: wire.asked() - before };
    },
    end: ({ state }) => runAction(request({ ...about, state })),
    checks: async () =>
      (await github.checks(head))
        .toSorted((one, other) => one.id - other.id)
        .map(({ status, conclusion }) => conclusion ?? status),
  };
}

async function measurementOf({ outputs }: ActionRun): Promise<string> {
  const text = await readFile(outputs['record-path'] ?? '', 'utf8');
  return JSON.stringify(recordSchema.parse(JSON.parse(text)).measurement);
}

let whole: { readonly asked: number; readonly measurement: string } | undefined;

/** The attempt without an interruption. */
async function uninterrupted(): Promise<NonNullable<typeof whole>> {
  if (whole) return whole;
  const job = await open('whole');
  const run = await job.attempt();
  expect(run).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(await job.checks()).toEqual(['failure']);
  whole = { asked: run.asked, measurement: await measurementOf(run) };
  return whole;
}

/** The second attempt comes to what one attempt would have, for no more than was in flight. */
async function expectToResume(job: Job, first: Attempt, most: number): Promise<void> {
  const { asked, measurement } = await uninterrupted();
  const second = await job.attempt({ runAttempt: '2' });
  expect(second).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(await measurementOf(second)).toBe(measurement);
  const extra = first.asked + second.asked - asked;
  if (process.env['DRILL_FIGURES'])
    console.log(`${first.asked} + ${second.asked} - ${asked}: ${extra} more calls`);
  expect(extra).toBeLessThanOrEqual(most + PROBES_OF_A_START);
  expect(await github.comments(job.number)).toHaveLength(1);
  expect((await job.end(second)).code).toBe(0);
}

/** Does something to the process after so many answers of the provider. */
function after(answers: number, then: (child: ChildProcess) => void): Partial<ActionRequest> {
  return {
    onStart: (child) => {
      wire.after(answers, () => {
        then(child);
      });
    },
  };
}

/** Kills the process as soon as it asks GitHub for something, before it is answered. */
function killedOn(moment: (sent: Sent) => boolean): Partial<ActionRequest> {
  return {
    onStart: (child) => {
      github.fault = (sent) => {
        if (!moment(sent)) return undefined;
        github.fault = undefined;
        child.kill('SIGKILL');
        return { status: 500, message: 'Nobody is there to read it', isLate: true };
      };
    },
  };
}

const isPost =
  (end: string) =>
  ({ method, url }: Sent): boolean =>
    method === 'POST' && url.endsWith(end);

test.each(points('action', 5))(
  'a job that is killed at %f ends its check at its end, and goes on in the next attempt',
  async (share) => {
    const { asked } = await uninterrupted();
    const job = await open(`killed-${Math.floor(share * 1000)}`);
    const answers = Math.max(1, Math.floor(share * asked));
    const killed = await job.attempt(after(answers, (child) => child.kill('SIGKILL')));
    expect([killed.code, killed.outputs['verdict']]).toEqual([null, undefined]);
    expect(await job.checks()).toEqual(['in_progress']);
    expect(await github.comments(job.number)).toEqual([]);

    expect((await job.end(killed)).code).toBe(0);
    expect(await job.checks()).toEqual(['cancelled']);
    await expectToResume(job, killed, IN_FLIGHT);
    expect(await job.checks()).toEqual(['cancelled', 'failure']);
  },
);

test('so does one that is killed when all is measured, and asks for nothing again', async () => {
  const job = await open('killed-late');
  const killed = await job.attempt(killedOn(isPost('/comments')));
  expect(killed.code).toBeNull();
  expect((await job.end(killed)).code).toBe(0);
  expect(await job.checks()).toEqual(['cancelled']);
  await expectToResume(job, killed, 0);
});

test.each<[string, () => Promise<Partial<ActionRequest>>]>([
  [
    'in the middle',
    async () =>
      after(Math.floor((await uninterrupted()).asked / 2), (child) => child.kill('SIGKILL')),
  ],
  [
    'before it knew the number of its check',
    () => Promise.resolve(killedOn(isPost('/check-runs'))),
  ],
])(
  'where the machine dies %s, no end of the job comes: the next attempt ends its check',
  async (when, how) => {
    const job = await open(`died-${when.replaceAll(' ', '-')}`);
    const died = await job.attempt(await how());
    expect(died.code).toBeNull();
    expect(await job.checks()).toEqual(['in_progress']);
    await expectToResume(job, died, IN_FLIGHT);
    expect(await job.checks()).toEqual(['cancelled', 'failure']);
  },
);

test('with looks on the way that may end a run, a killed job comes to the same as well', async () => {
  const main = await github.commit('main', { [CONFIG]: config(true) });
  const run = await (await open('looks', main)).attempt();
  const job = await open('looks-killed', main);
  const answers = Math.floor(run.asked / 2);
  const killed = await job.attempt(after(answers, (child) => child.kill('SIGKILL')));
  expect(killed.code).toBeNull();
  const second = await job.attempt({ runAttempt: '2' });
  expect(second).toMatchObject({ code: run.code, outputs: { verdict: run.outputs['verdict'] } });
  expect(await measurementOf(second)).toBe(await measurementOf(run));
  expect(second.asked).toBeLessThan(run.asked);
});

describe('a job that the runner cancels', () => {
  test('ends in order, keeps what was in flight, and goes on in the next attempt', async () => {
    const { asked } = await uninterrupted();
    const job = await open('cancelled');
    const moment = after(Math.floor(asked / 2), (child) => child.kill('SIGINT'));
    const ended = await job.attempt(moment);
    expect(ended).toMatchObject({ code: 130, outputs: { verdict: 'error' } });
    expect(ended.asked).toBeLessThan(asked);
    expect(ended.summary).toContain('Answers that were paid for are in the cache');
    expect((await job.end(ended)).code).toBe(0);
    expect(await job.checks()).toEqual(['cancelled']);
    await expectToResume(job, ended, 0);
  });

  // In good time before SIGKILL: interrupt.test.ts.
  test('while the provider answers no more ends by itself', async () => {
    const { asked } = await uninterrupted();
    const job = await open('cancelled-stuck');
    const ended = await job.attempt(
      after(Math.floor(asked / 2), (child) => {
        wire.hold();
        child.kill('SIGINT');
      }),
    );
    wire.resume();
    expect(ended.code).toBe(130);
    expect((await job.end(ended)).code).toBe(0);
    expect(await job.checks()).toEqual(['cancelled']);
    await expectToResume(job, ended, IN_FLIGHT);
  });
});

test('a check whose number was lost on the way is ended as well', async () => {
  const job = await open('lost');
  let isLost = false;
  github.fault = (sent) => {
    if (isLost || !isPost('/check-runs')(sent)) return undefined;
    isLost = true;
    return { status: 502, message: 'Bad gateway', isLate: true };
  };
  expect(await job.attempt()).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(await job.checks()).toEqual(['cancelled', 'failure']);
});

test.each([
  ['look for them', 'GET', () => /\/check-runs\?/],
  ['change those of others', 'PATCH', (id: number) => new RegExp(`/check-runs/${id}$`)],
])('a token that may not %s does no harm', async (_, method, placeOf) => {
  const { asked } = await uninterrupted();
  const job = await open(`foreign-${method}`);
  const died = await job.attempt(after(Math.floor(asked / 2), (child) => child.kill('SIGKILL')));
  expect(died.code).toBeNull();
  const [left] = await github.checks(job.head);
  const place = placeOf(left?.id ?? 0);
  github.fault = (sent) =>
    sent.method === method && place.test(sent.url)
      ? { status: 403, message: 'Resource not accessible by integration' }
      : undefined;
  const second = await job.attempt({ runAttempt: '2' });
  expect(second).toMatchObject({ code: 1, outputs: { verdict: 'regressed' } });
  expect(await job.checks()).toEqual(['in_progress', 'failure']);
});
