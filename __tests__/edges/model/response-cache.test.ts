import { readFile, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../../src/config/config.js';
import { openResponseCache } from '../../../src/edges/model/response-cache.js';
import type { Sample } from '../../../src/mask/sample.js';
import type { ModelCall, ModelPort, ModelReply, ReadingSource } from '../../../src/ports.js';
import { EMPTY, answered, failed, fakeModel, makeConfig, makeRole, read } from '../../factories.js';
import { useTempFolder } from '../temp.js';

const folder = useTempFolder();

const NOW = new Date('2026-03-02T12:00:00.000Z');
const LATER = new Date('2026-03-02T13:00:00.000Z');

const TARGET: ModelCall = {
  role: 'target',
  messages: [{ role: 'user', content: 'Tell of the lighthouse.' }],
  repeat: 0,
};
const JUDGE: ModelCall = {
  role: 'judge',
  messages: [{ role: 'user', content: 'What does the answer say of the lighthouse?' }],
  repeat: 0,
};
const SOURCE: ReadingSource = { asked: [TARGET], judged: JUDGE };

const echo = (call: ModelCall): ModelReply =>
  answered(`Reply of the ${call.role} to ${call.messages.at(-1)?.content ?? ''}`);

/** A separate process: the calls that it makes, and the folder that it reads. */
function startProcess(
  config: Partial<Config> = {},
  options: { readonly now?: Date; readonly reply?: Parameters<typeof fakeModel>[0] } = {},
) {
  const { now = NOW, reply = echo } = options;
  const asked = fakeModel(reply);
  const memory = openResponseCache(makeConfig(config), folder.path, () => now);
  return { ...memory, model: memory.withCache(asked), asked };
}

/** How many calls a second process makes for this call, after the first has made that one. */
async function askTwice(
  first: { readonly call?: ModelCall; readonly config?: Partial<Config> },
  second: { readonly call?: ModelCall; readonly config?: Partial<Config> },
): Promise<number> {
  await startProcess(first.config).model.complete(first.call ?? TARGET);
  const later = startProcess(second.config, { now: LATER });
  await later.model.complete(second.call ?? TARGET);
  return later.asked.calls.length;
}

/** The contents of all files that were written. */
async function written(below: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(folder.path, below), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFile(path.join(parentPath, name), 'utf8')),
  );
}

const role = makeConfig().target;
const provider = role.provider;

describe('an answer of the model under test', () => {
  test('is requested once, and cached for the next process', async () => {
    const first = startProcess();
    const reply = await first.model.complete(TARGET);
    expect(await first.model.complete(TARGET)).toEqual(reply);
    const second = startProcess({}, { now: LATER });
    expect(await second.model.complete(TARGET)).toEqual(reply);
    expect([first.asked.calls.length, second.asked.calls.length]).toEqual([1, 0]);
    expect(second.model.usage().target.reused).toBe(1);
  });

  test('is stored with the fact that it was cut', async () => {
    await startProcess({}, { reply: () => answered('Half an', true) }).model.complete(TARGET);
    expect(await startProcess().model.complete(TARGET)).toEqual(answered('Half an', true));
  });

  test.each<[string, Parameters<typeof askTwice>[1]]>([
    ['repeat', { call: { ...TARGET, repeat: 1 } }],
    ['prompt', { call: { ...TARGET, messages: [{ role: 'user', content: 'Other.' }] } }],
    [
      'role of a message',
      { call: { ...TARGET, messages: [{ role: 'system', content: 'Tell of the lighthouse.' }] } },
    ],
    ['format', { call: { ...TARGET, format: { type: 'object' } } }],
    ['model', { config: { target: { ...role, model: 'another' } } }],
    ['temperature', { config: { target: { ...role, sampling: { maxTokens: 1000 } } } }],
    [
      'most tokens',
      { config: { target: { ...role, sampling: { ...role.sampling, maxTokens: 999 } } } },
    ],
    ['top-p', { config: { target: { ...role, sampling: { ...role.sampling, topP: 0.5 } } } }],
    [
      'effort',
      { config: { target: { ...role, sampling: { ...role.sampling, reasoningEffort: 'low' } } } },
    ],
    [
      'extra body',
      { config: { target: { ...role, sampling: { ...role.sampling, extraBody: { seed: 1 } } } } },
    ],
    [
      'endpoint',
      { config: { target: { ...role, provider: { ...provider, baseUrl: 'https://b.test/v1' } } } },
    ],
    [
      'query',
      { config: { target: { ...role, provider: { ...provider, query: { version: '2' } } } } },
    ],
  ])('does not match another %s', async (_, second) => {
    expect(await askTwice({}, second)).toBe(1);
  });

  test.each<[string, Parameters<typeof askTwice>[1]]>([
    ['the order in which calls go', { call: { ...TARGET, order: 7 } }],
    ['a signal', { call: { ...TARGET, signal: new AbortController().signal } }],
    ['the judge', { config: { judge: makeRole({ model: 'another' }) } }],
    [
      'the name of the provider, or its ceiling',
      { config: { target: { ...role, provider: { ...provider, name: 'b', concurrency: 1 } } } },
    ],
    ['the budget', { config: { budget: { calls: 1, target: {}, judge: {} } } }],
  ])('matches, with any change of %s', async (_, second) => {
    expect(await askTwice({}, second)).toBe(0);
  });

  test('another role of the messages changes the request, and so the key', async () => {
    const system: ModelCall = { ...TARGET, messages: [{ role: 'system', content: 'Be brief.' }] };
    const target = { ...role, systemRole: 'developer' } as const;
    expect(await askTwice({ call: system }, { call: system, config: { target } })).toBe(1);
  });

  test('that never arrived is not stored: it is requested again', async () => {
    const reasons = ['timeout', 'rate-limited', 'content-filter', 'malformed-answer'] as const;
    for (const reason of reasons) {
      const lost = startProcess({}, { reply: () => ({ status: 'failed', reason }) });
      expect(await lost.model.complete(TARGET)).toEqual({ status: 'failed', reason });
      expect(await lost.model.complete(TARGET)).toEqual({ status: 'failed', reason });
      expect(lost.asked.calls).toHaveLength(2);
    }
    expect(await written('.')).toEqual([]);
  });

  test('nor is one that ended in an error', async () => {
    const broken = startProcess({}, { reply: () => Promise.reject(new Error('no key')) });
    await expect(broken.model.complete(TARGET)).rejects.toThrow('no key');
    const sound = startProcess();
    await sound.model.complete(TARGET);
    expect(sound.asked.calls).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['an open block of reasoning', '<think>They want me to'],
    ['a closed block of reasoning', '<think>\n\n</think>\n\n'],
  ])('nor is one that contains %s', async (_, text) => {
    const first = startProcess({}, { reply: () => answered(text) });
    await first.model.complete(TARGET);
    expect(await written('answers')).toEqual([]);
    await first.model.complete(TARGET);
    expect(first.asked.calls).toHaveLength(2);
  });

  test('is not used if a new one is requested, and the new one is stored', async () => {
    await startProcess({}, { reply: () => answered('First.') }).model.complete(TARGET);
    const second = startProcess({}, { reply: () => answered('Second.') });
    expect(await second.model.complete({ ...TARGET, again: true })).toEqual(answered('Second.'));
    expect(await startProcess().model.complete(TARGET)).toEqual(answered('Second.'));
  });

  test('expires at the maximum age of the baseline, in days', async () => {
    await startProcess().model.complete(TARGET);
    const asked = async (days: number): Promise<number> => {
      const later = startProcess(
        { cache: { keep: 'all', maxSize: 0 } },
        { now: new Date(NOW.getTime() + days * 86_400_000) },
      );
      await later.model.complete({ ...TARGET });
      return later.asked.calls.length;
    };
    expect(await asked(14)).toBe(0);
    expect(await asked(14.01)).toBe(1);
  });
});

describe('the text of the judge', () => {
  test('is never written, but its reading is', async () => {
    const one = startProcess();
    await one.model.complete(TARGET);
    await one.model.complete(JUDGE);
    one.readings.keep(SOURCE, read('A'));
    const files = (await written('.')).join('\n');
    expect(files).toContain('Reply of the target to Tell of the lighthouse.');
    expect(files).not.toContain('Reply of the judge');
    expect(files).not.toContain('What does the answer say');
    const second = startProcess({}, { now: LATER });
    await second.model.complete(JUDGE);
    expect(second.asked.calls).toHaveLength(1);
    expect(await second.readings.recall(SOURCE)).toEqual(read('A'));
  });

  test('is nowhere in the readings, nor is a prompt or an answer', async () => {
    const one = startProcess();
    await one.model.complete(TARGET);
    await one.model.complete(JUDGE);
    one.readings.keep(SOURCE, { ...read('B', 'other'), truncated: true } as Sample);
    const files = await written('readings');
    expect(files).toHaveLength(1);
    expect(files.join()).not.toMatch(/lighthouse|Reply|Tell/);
    expect(JSON.parse(files[0] ?? '')).toEqual({
      at: NOW.toISOString(),
      value: { ...read('B', 'other'), truncated: true },
    });
  });
});

describe('a reading', () => {
  /** Whether a reading is found again after a change. */
  async function isFound(
    change: { readonly config?: Partial<Config>; readonly source?: ReadingSource },
    now = LATER,
  ): Promise<boolean> {
    startProcess().readings.keep(SOURCE, read('A'));
    const later = startProcess(change.config ?? {}, { now });
    return (await later.readings.recall(change.source ?? SOURCE)) !== undefined;
  }

  const judge = makeConfig().judge;
  const rubric: ModelCall = { ...JUDGE, messages: [{ role: 'user', content: 'A new rubric.' }] };

  test.each<[string, boolean, Parameters<typeof isFound>[0]]>([
    ['nothing', true, {}],
    ['the repeat', false, { source: { ...SOURCE, asked: [{ ...TARGET, repeat: 1 }] } }],
    ['the repeat of the judge', false, { source: { ...SOURCE, judged: { ...JUDGE, repeat: 1 } } }],
    ['the rubric', false, { source: { ...SOURCE, judged: rubric } }],
    ['the calls together', false, { source: { ...SOURCE, asked: [TARGET, TARGET] } }],
    ['the model', false, { config: { target: { ...role, model: 'another' } } }],
    ['the judge', false, { config: { judge: { ...judge, model: 'another' } } }],
    [
      'the sampling of the judge',
      false,
      { config: { judge: { ...judge, sampling: { maxTokens: 1 } } } },
    ],
    [
      'the endpoint of the judge',
      false,
      { config: { judge: { ...judge, provider: { ...provider, baseUrl: 'https://b.test/v1' } } } },
    ],
    [
      'the query of the judge',
      false,
      { config: { judge: { ...judge, provider: { ...provider, query: { version: '2' } } } } },
    ],
    ['the parts that are stored', true, { config: { cache: { keep: 'readings', maxSize: 1 } } }],
    ['the setting to store nothing', false, { config: { cache: { keep: 'nothing', maxSize: 1 } } }],
    ['the setting to measure everything again', false, { config: { fresh: true } }],
  ])('with a change of %s is found: %s', async (_, expected, change) => {
    expect(await isFound(change)).toBe(expected);
  });

  test('counts as reused calls, of both roles', async () => {
    startProcess().readings.keep({ ...SOURCE, asked: [TARGET, TARGET, TARGET] }, read('A'));
    const { readings, model } = startProcess({}, { now: LATER });
    await readings.recall({ ...SOURCE, asked: [TARGET, TARGET, TARGET] });
    await readings.recall({ ...SOURCE, judged: { ...JUDGE, repeat: 9 } });
    expect(model.usage()).toMatchObject({ target: { reused: 3 }, judge: { reused: 1 } });
  });

  test.each([
    ['an empty reply', EMPTY],
    ['an unreadable verdict', read('unreadable')],
    ['a lost verdict', failed('judge', 'timeout')],
  ])('of %s that an attacker planted does not count', async (_, sample) => {
    startProcess().readings.keep(SOURCE, sample);
    expect(await startProcess().readings.recall(SOURCE)).toBeUndefined();
  });
});

describe('equal requests in flight', () => {
  /** Holds every call until it is released. */
  function holding() {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    return { release, reply: (call: ModelCall) => held.then(() => echo(call)) };
  }

  test.each([TARGET, JUDGE])('are sent once: %j', async (call) => {
    const { release, reply } = holding();
    const one = startProcess({ cache: { keep: 'nothing', maxSize: 1 } }, { reply });
    const replies = Promise.all([1, 2, 3].map(() => one.model.complete({ ...call })));
    release();
    expect(await replies).toEqual([echo(call), echo(call), echo(call)]);
    expect(one.asked.calls).toHaveLength(1);
    expect(one.model.usage()[call.role].reused).toBe(2);
  });

  test('differ if their repeats differ', async () => {
    const { release, reply } = holding();
    const one = startProcess({}, { reply });
    const replies = Promise.all([1, 2].map((repeat) => one.model.complete({ ...TARGET, repeat })));
    release();
    await replies;
    expect(one.asked.calls).toHaveLength(2);
  });

  test('share their failure, and the next one is sent again', async () => {
    const one = startProcess({}, { reply: () => ({ status: 'failed', reason: 'timeout' }) });
    await Promise.all([one.model.complete(TARGET), one.model.complete(TARGET)]);
    await one.model.complete(TARGET);
    expect(one.asked.calls).toHaveLength(2);
  });

  test('are not ended together: one that is no longer needed does not end one that is', async () => {
    const stop = new AbortController();
    const ending: ModelPort['complete'] = ({ signal }) =>
      new Promise((resolve, reject) => {
        if (!signal) resolve(echo(TARGET));
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => {
          reject(new Error('not needed'));
        });
      });
    const one = startProcess({}, { reply: ending });
    const unwanted = one.model.complete({ ...TARGET, signal: stop.signal });
    const wanted = one.model.complete(TARGET);
    stop.abort(new Error('not needed'));
    await expect(unwanted).rejects.toThrow('not needed');
    expect(await wanted).toEqual(echo(TARGET));
  });
});

describe('fresh', () => {
  test('uses no earlier entries, and stores its own', async () => {
    const old = startProcess({}, { reply: () => answered('old') });
    await old.model.complete(TARGET);
    old.readings.keep(SOURCE, read('A'));

    const fresh = startProcess({ fresh: true }, { now: LATER, reply: () => answered('new') });
    expect(await fresh.readings.recall(SOURCE)).toBeUndefined();
    expect(await fresh.model.complete(TARGET)).toEqual(answered('new'));
    fresh.readings.keep(SOURCE, read('B'));
    // Within a run equal requests are still sent once.
    expect(await fresh.model.complete(TARGET)).toEqual(answered('new'));
    expect(await fresh.readings.recall(SOURCE)).toEqual(read('B'));
    expect(fresh.asked.calls).toHaveLength(1);

    const next = startProcess({}, { now: LATER });
    expect(await next.model.complete(TARGET)).toEqual(answered('new'));
    expect(await next.readings.recall(SOURCE)).toEqual(read('B'));
  });
});

describe.each([
  { keep: 'all', answers: 1, readings: 1 },
  { keep: 'readings', answers: 0, readings: 1 },
  { keep: 'nothing', answers: 0, readings: 0 },
] as const)('cache.keep: $keep', ({ keep, answers, readings }) => {
  const config = { cache: { keep, maxSize: 1000 } };

  test('writes only that', async () => {
    const one = startProcess(config);
    await one.model.complete(TARGET);
    one.readings.keep(SOURCE, read('A'));
    expect((await written('answers')).length).toBe(answers);
    expect((await written('readings')).length).toBe(readings);
  });

  test('reads only that from existing entries', async () => {
    const before = startProcess();
    await before.model.complete(TARGET);
    before.readings.keep(SOURCE, read('A'));
    const one = startProcess(config);
    await one.model.complete(TARGET);
    expect(one.asked.calls).toHaveLength(1 - answers);
    expect((await one.readings.recall(SOURCE)) !== undefined).toBe(readings === 1);
  });
});

test('pruning removes entries older than the maximum age of the baseline, in both folders', async () => {
  const one = startProcess();
  await one.model.complete(TARGET);
  one.readings.keep(SOURCE, read('A'));
  const dateFiles = async (at: Date, except: readonly string[] = []): Promise<string[]> => {
    const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name));
    for (const { parentPath, name } of files) await utimes(path.join(parentPath, name), at, at);
    return files.map(({ name }) => name);
  };
  const old = await dateFiles(new Date(NOW.getTime() - 15 * 86_400_000));
  await one.model.complete({ ...TARGET, repeat: 1 });
  await dateFiles(NOW, old);
  await one.prune();
  expect([(await written('answers')).length, (await written('readings')).length]).toEqual([1, 0]);
});
