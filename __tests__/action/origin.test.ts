import { createOriginCheck } from '../../src/action/origin.js';
import type { GitHub } from '../../src/edges/github/client.js';
import { createLine } from '../../src/gate/records/line.js';
import type { FileChange, WorkflowRun } from '../../src/gate/records/origin.js';
import type { GateRecord, RunOrigin } from '../../src/gate/records/record.js';
import { makeRecord } from '../factories.js';
import { fakeGitHub } from './fake-github.js';

const COMMIT = 'c'.repeat(40);
const FILE = `records/default/${COMMIT}/42-1.json`;
const RUN: WorkflowRun = {
  commit: COMMIT,
  event: 'push',
  ref: 'main',
  attempt: 1,
  repository: 'octocat/bot',
};
const SIGNED: FileChange = {
  commit: 'e'.repeat(40),
  author: 'github-actions[bot]',
  committer: 'web-flow',
  isByApp: true,
  isVerified: true,
};

interface World {
  readonly run?: Partial<WorkflowRun>;
  /** The first-parent line of the default branch. */
  readonly line?: readonly string[];
  readonly changes?: readonly FileChange[];
}

/** Asks twice for the origin of a record, and keeps the requests that GitHub got. */
async function ask(
  { run, line = [], changes }: World,
  claim: Partial<RunOrigin> = {},
): Promise<{ readonly answer: unknown; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const note = <T>(question: string, answer: T): T => {
    asked.push(question);
    return answer;
  };
  const github: GitHub = {
    ...fakeGitHub({}),
    workflowRun: (id) => Promise.resolve(note(`run ${id}`, run && { ...RUN, ...run })),
    line: (start) => note(`line ${start}`, createLine(line)),
  };
  const changesOf =
    changes && ((file: string) => Promise.resolve(note(`changes ${file}`, changes)));
  const check = createOriginCheck(github, changesOf);
  const record: GateRecord = makeRecord({
    provenance: {
      commit: COMMIT,
      ref: 'refs/heads/main',
      event: 'push',
      runId: '42',
      runAttempt: '1',
      ...claim,
    },
  });
  const found = { file: FILE, commit: COMMIT };
  const answer = await check(record, found);
  expect(await check(record, found)).toEqual(answer);
  return { answer, asked: asked.filter((question) => !question.startsWith('changes')) };
}

test('only a run on the default branch is requested', async () => {
  expect(await ask({ run: {} })).toEqual({ answer: undefined, asked: ['run 42'] });
});

test('a record without a run causes no request', async () => {
  expect(await ask({}, { runId: null })).toEqual({ answer: 'it names no run', asked: [] });
});

describe('a run on a branch of another name', () => {
  const renamed = { run: { ref: 'master' } };

  test('is accepted if the default branch, under its present name, contains its commit', async () => {
    expect(await ask({ ...renamed, line: ['d'.repeat(40), COMMIT] })).toEqual({
      answer: undefined,
      asked: ['run 42', 'line main'],
    });
  });

  test('is not accepted if it does not', async () => {
    const { answer } = await ask({ ...renamed, line: ['d'.repeat(40)] });
    expect(answer).toContain('run 42 was not on the default branch');
  });
});

describe('a run that was deleted', () => {
  const line = [COMMIT];

  test('confirms a record of a data branch by the commit that GitHub signed', async () => {
    const { answer } = await ask({ line, changes: [SIGNED] });
    expect(answer).toEqual({ signedCommit: SIGNED.commit });
  });

  test.each<[string, World]>([
    ['in a file that is not part of a data branch', { line }],
    ['of another line', { changes: [SIGNED] }],
    ['that no workflow wrote', { line, changes: [{ ...SIGNED, isByApp: false }] }],
    ['without a signature', { line, changes: [{ ...SIGNED, isVerified: false }] }],
    ['that was changed', { line, changes: [SIGNED, SIGNED] }],
    ['whose file is not on the branch', { line, changes: [] }],
  ])('does not confirm a record %s', async (_, world) => {
    expect((await ask(world)).answer).toContain('GitHub knows no run 42');
  });
});
