import { setImmediate as turn } from 'node:timers/promises';
import { createMeter } from '../../../src/edges/model/budget-meter.js';
import { createModel } from '../../../src/edges/model/client.js';
import { withPreflight } from '../../../src/edges/model/preflight.js';
import { RunError } from '../../../src/base/errors.js';
import type { ModelCall, ModelReply, RoleName } from '../../../src/ports.js';
import {
  type Behaviour,
  type EchoProvider,
  echoing,
  failing,
  startEchoProvider,
} from '../../e2e/echo-provider.js';
import { answered, fakeModel, makeRole } from '../../factories.js';

function call(role: RoleName, content: string, signal?: AbortSignal): ModelCall {
  const messages = [{ role: 'user', content }] as const;
  return { role, messages, repeat: 0, ...(signal && { signal }) };
}

const PROBE = 'This only tests the connection.';
const nameOf = ({ role, messages }: ModelCall): string =>
  messages[0]?.content.startsWith(PROBE) ? `probe of the ${role}` : (messages[0]?.content ?? '');

/** A model that answers when the test tells it to. */
function holding() {
  const open = new Map<string, (reply: ModelReply | Promise<never>) => void>();
  const model = fakeModel(
    (asked) => new Promise<ModelReply>((resolve) => open.set(nameOf(asked), resolve)),
  );
  return {
    model,
    names: () => model.calls.map(nameOf),
    answer: async (name: string, reply: ModelReply | Promise<never> = answered('yes')) => {
      open.get(name)?.(reply);
      await turn();
    },
  };
}

const LOST: ModelReply = { status: 'failed', reason: 'timeout' };

/** The calls that never have to wait. */
const FIRST = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const SENT_FIRST = ['one', 'probe of the judge', ...FIRST.slice(1)];

describe('a careful start', () => {
  test.each([
    { first: answered('yes'), probe: answered('A') },
    // A lost call does not mean that the settings are wrong.
    { first: LOST, probe: answered('A') },
    { first: answered('yes'), probe: LOST },
  ])(
    'sends a few calls and one probe, and the others once both kinds have returned',
    async (replies) => {
      const { model, names, answer } = holding();
      const careful = withPreflight(model, 'text');
      const all = [...FIRST, 'nine', 'ten'];
      const done = all.map((name) => careful.complete(call('target', name)));
      await turn();
      expect(names()).toEqual(SENT_FIRST);
      await answer('one', replies.first);
      expect(await done[0]).toEqual(replies.first);
      expect(names()).toEqual(SENT_FIRST);
      await answer('probe of the judge', replies.probe);
      expect(names()).toEqual([...SENT_FIRST, 'nine', 'ten']);
      for (const name of all.slice(1)) await answer(name);
      await Promise.all(done);
      void careful.complete(call('judge', 'eleven'));
      await turn();
      expect(names()).toHaveLength(12);
    },
  );

  test('uses the first judge call as the probe of the judge', async () => {
    const { model, names, answer } = holding();
    const careful = withPreflight(model, 'text');
    for (const name of FIRST) void careful.complete(call('judge', name));
    void careful.complete(call('target', 'nine'));
    await turn();
    expect(names()).toEqual(FIRST);
    await answer('one');
    expect(names()).toEqual([...FIRST, 'nine']);
  });

  test.each(['text', 'json'] as const)('probes use the form of the run: %s', async (output) => {
    const { model } = holding();
    void withPreflight(model, output).complete(call('target', 'one'));
    await turn();
    const [, probe] = model.calls;
    expect(probe?.format !== undefined).toBe(output === 'json');
    expect(probe?.role).toBe('judge');
  });

  test.each(['one', 'probe of the judge'])(
    'a fatal error of %s reaches all calls',
    async (name) => {
      const { model, names, answer } = holding();
      const fatal = new RunError('the key is refused');
      const careful = withPreflight(model, 'text');
      const done = Promise.allSettled(
        [...FIRST, 'nine', 'ten'].map((each) => careful.complete(call('target', each))),
      );
      await turn();
      const refusal = Promise.reject(fatal);
      refusal.catch(() => undefined);
      await answer(name, refusal);
      for (const each of SENT_FIRST) await answer(each);
      const reasons = (await done).map((one) =>
        one.status === 'rejected' ? (one.reason as unknown) : undefined,
      );
      expect(reasons.slice(FIRST.length)).toEqual([fatal, fatal]);
      expect(names()).toEqual(SENT_FIRST);
      await expect(careful.complete(call('judge', 'later'))).rejects.toBe(fatal);
      expect(names()).toEqual(SENT_FIRST);
    },
  );

  test('other calls do not depend on a first call that is no longer needed', async () => {
    const model = fakeModel(async ({ signal }) => {
      await turn();
      signal?.throwIfAborted();
      return answered('yes');
    });
    const careful = withPreflight(model, 'text');
    const unwanted = careful.complete(call('target', 'one', AbortSignal.abort(new Error('no'))));
    const wanted = [...FIRST.slice(1), 'nine'].map((name) =>
      careful.complete(call('target', name)),
    );
    await expect(unwanted).rejects.toThrow('no');
    expect(await wanted.at(-1)).toEqual(answered('yes'));
  });
});

describe('over the wire', () => {
  let provider: EchoProvider;

  async function start(behave: Behaviour): Promise<ReturnType<typeof withPreflight>> {
    provider = await startEchoProvider(behave);
    const role = { ...makeRole().provider, baseUrl: provider.url };
    const model = createModel({
      roles: {
        target: makeRole({ provider: role, model: 'target' }),
        judge: makeRole({ provider: role, model: 'judge' }),
      },
      keys: new Map([['openai', 'sk-simulated']]),
      meter: createMeter({ target: {}, judge: {} }, {}, () => 0),
      onFailure: () => undefined,
    });
    return withPreflight(model, 'json');
  }

  afterEach(() => provider.close());

  test.each(['target', 'judge'] as const)(
    'a %s that cannot be used ends the run after a few requests, and the error names it',
    async (wrong) => {
      const careful = await start((asked) =>
        asked.role === wrong ? failing(404)(asked) : echoing()(asked),
      );
      const calls = Array.from({ length: 30 }, (_, index) => call('target', `Say ${index}.`));
      const done = await Promise.allSettled(calls.map((one) => careful.complete(one)));
      const reasons = done.flatMap((one) =>
        one.status === 'rejected' ? [one.reason as unknown] : [],
      );
      // The first calls may have been answered before the judge was refused.
      expect(reasons.length).toBeGreaterThanOrEqual(30 - FIRST.length);
      expect(new Set(reasons).size).toBe(1);
      expect(reasons[0]).toBeInstanceOf(RunError);
      expect(String(reasons[0])).toContain(`check ${wrong}.model`);
      expect(provider.asked.length).toBeLessThanOrEqual(SENT_FIRST.length);
    },
  );
});
