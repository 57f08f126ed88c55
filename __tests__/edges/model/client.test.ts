import { setImmediate as turn } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import { createMeter } from '../../../src/edges/model/budget-meter.js';
import { createModel } from '../../../src/edges/model/client.js';
import { RunError } from '../../../src/base/errors.js';
import { buildPressuredConversation } from '../../../src/mask/conversation.js';
import type { ModelCall, ModelPort } from '../../../src/ports.js';
import { startSimulation } from '../../../src/simulation/server.js';
import {
  type Behaviour,
  type EchoProvider,
  echoing,
  failing,
  startEchoProvider,
} from '../../e2e/echo-provider.js';
import { makeRole } from '../../factories.js';
import { SAMPLE } from '../../simulation/examples.js';

let open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

interface Port extends ModelPort {
  readonly failures: readonly string[];
}

/** The real port, over the wire to a server on this machine; both roles share its limit. */
function portTo(
  url: string,
  concurrency: number,
  [target, judge]: readonly [string, string] = ['target', 'judge'],
): Port {
  const provider = { ...makeRole().provider, baseUrl: url, concurrency };
  const failures: string[] = [];
  const model = createModel({
    roles: {
      target: makeRole({ provider, model: target }),
      judge: makeRole({ provider, model: judge }),
    },
    keys: new Map([[provider.name, 'sk-simulated']]),
    meter: createMeter({ target: {}, judge: {} }, {}, () => 0),
    onFailure: (text) => failures.push(text),
  });
  return { ...model, failures };
}

/** A provider that signals when this many requests have arrived. */
async function startProvider(
  behave: Behaviour,
): Promise<EchoProvider & { arrived: (count: number) => Promise<void> }> {
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let count = 0;
  const provider = await startEchoProvider((asked) => {
    count += 1;
    for (const one of waiting) if (one.count <= count) one.resolve();
    waiting = waiting.filter((one) => one.count > count);
    return behave(asked);
  });
  open = [...open, provider];
  return {
    ...provider,
    arrived: (wanted) =>
      new Promise((resolve) => {
        if (count >= wanted) resolve();
        else waiting = [...waiting, { count: wanted, resolve }];
      }),
  };
}

/** Answers `say ...` with the prompt itself, and never answers `hold ...`. */
const patient: Behaviour = (asked) => (asked.prompt.includes('hold') ? 'hold' : echoing()(asked));

function call(content: string, signal?: AbortSignal): ModelCall {
  const messages = [{ role: 'user', content }] as const;
  return { role: 'target', messages, repeat: 0, ...(signal && { signal }) };
}

const NOT_NEEDED = new Error('the call is no longer needed');
const said = (text: string): object => ({ status: 'answered', text, truncated: false });

describe('a call whose signal ends before it starts', () => {
  test('is not sent and not counted', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 4);
    const ended = port.complete(call('say no', AbortSignal.abort(NOT_NEEDED)));
    await expect(ended).rejects.toBe(NOT_NEEDED);
    expect(await port.complete(call('say yes'))).toEqual(said('say yes'));
    expect(provider.asked.map(({ prompt }) => prompt)).toEqual(['say yes']);
    expect(port.usage().target.calls).toBe(1);
  });

  test('is not sent either while it waits for its turn, and others are', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 1);
    const [first, second] = [new AbortController(), new AbortController()];
    const held = port.complete(call('hold', first.signal));
    const unwanted = [1, 2, 3].map((number) =>
      port.complete(call(`say no ${number}`, second.signal)),
    );
    const wanted = port.complete(call('say yes'));
    await provider.arrived(1);
    second.abort(NOT_NEEDED);
    first.abort(new Error('the first has had its time'));
    await expect(held).rejects.toThrow('the first has had its time');
    for (const one of unwanted) await expect(one).rejects.toBe(NOT_NEEDED);
    expect(await wanted).toEqual(said('say yes'));
    expect(provider.asked.map(({ prompt }) => prompt)).toEqual(['hold', 'say yes']);
  });
});

describe('a call whose signal ends in flight', () => {
  test('rejects with the reason of the signal', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 4);
    const stop = new AbortController();
    const held = port.complete(call('hold', stop.signal));
    await provider.arrived(1);
    stop.abort(NOT_NEEDED);
    await expect(held).rejects.toBe(NOT_NEEDED);
  });

  test('is not retried, and is not reported as a failure', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 1);
    const stop = new AbortController();
    const held = port.complete(call('hold', stop.signal));
    await provider.arrived(1);
    stop.abort(NOT_NEEDED);
    await expect(held).rejects.toBe(NOT_NEEDED);
    expect(await port.complete(call('say yes'))).toEqual(said('say yes'));
    expect(provider.asked).toHaveLength(2);
    expect(port.failures).toEqual([]);
  });

  test('does not end calls that have another signal, or none', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 4);
    const stop = new AbortController();
    const held = port.complete(call('hold', stop.signal));
    await provider.arrived(1);
    const others = [call('say one'), call('say two', new AbortController().signal)].map((one) =>
      port.complete(one),
    );
    stop.abort(NOT_NEEDED);
    await expect(held).rejects.toBe(NOT_NEEDED);
    expect(await Promise.all(others)).toEqual([said('say one'), said('say two')]);
  });

  test('frees its place', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 3);
    const stop = new AbortController();
    const held = [1, 2, 3].map(() => port.complete(call('hold', stop.signal)));
    const next = port.complete(call('say yes'));
    await provider.arrived(3);
    expect(provider.asked).toHaveLength(3);
    stop.abort(NOT_NEEDED);
    for (const one of held) await expect(one).rejects.toBe(NOT_NEEDED);
    expect(await next).toEqual(said('say yes'));
  });
});

describe('a call that pauses after a fault', () => {
  test('ends with the reason of the run, not with that of a timer', async () => {
    const provider = await startProvider((asked) =>
      failing(asked.prompt === 'say no' ? 401 : 500)(asked),
    );
    const port = portTo(provider.url, 4);
    const pausing = port.complete(call('say yes'));
    pausing.catch(() => undefined);
    await provider.arrived(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = port.complete(call('say no'));
    await expect(refused).rejects.toBeInstanceOf(RunError);
    await expect(pausing).rejects.toBe(await refused.catch((error: unknown) => error));
  });
});

test('of waiting calls, the lowest order goes first', async () => {
  const provider = await startProvider(patient);
  const port = portTo(provider.url, 1);
  const stop = new AbortController();
  const held = port.complete(call('hold', stop.signal));
  await provider.arrived(1);
  const waiting = [5, 1, 4, 2, 3].map((order) => port.complete({ ...call(`say ${order}`), order }));
  stop.abort(NOT_NEEDED);
  await expect(held).rejects.toBe(NOT_NEEDED);
  await Promise.all(waiting);
  const prompts = provider.asked.map(({ prompt }) => prompt);
  expect(prompts).toEqual(['hold', 'say 1', 'say 2', 'say 3', 'say 4', 'say 5']);
});

test('a refused key ends all calls in flight and all waiting calls, with the same error', async () => {
  const provider = await startProvider((asked) =>
    asked.prompt === 'say no' ? failing(401)(asked) : patient(asked),
  );
  const port = portTo(provider.url, 2);
  const signal = new AbortController().signal;
  const calls = [
    call('hold', signal),
    call('say no', signal),
    call('say 1', signal),
    call('say 2'),
  ];
  const ended = await Promise.allSettled(calls.map((one) => port.complete(one)));
  const reasons = ended.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : one));
  expect(reasons[0]).toBeInstanceOf(RunError);
  expect(reasons).toEqual(calls.map(() => reasons[0]));
  expect(provider.asked.map(({ prompt }) => prompt).sort()).toEqual(['hold', 'say no']);
  await expect(port.complete(call('say 3'))).rejects.toBe(reasons[0]);
});

describe('three hundred calls on one signal', () => {
  /** Jest gives tests a copy of `process`, which receives no warnings. */
  const realProcess = runInThisContext('process') as NodeJS.Process;
  let warnings: string[] = [];
  const listen = ({ name }: Error): void => {
    warnings.push(name);
  };

  beforeEach(() => {
    warnings = [];
    realProcess.on('warning', listen);
  });

  afterEach(() => {
    realProcess.off('warning', listen);
  });

  async function leaks(): Promise<readonly string[]> {
    await turn();
    return warnings.filter((name) => name === 'MaxListenersExceededWarning');
  }

  test('warnings are received here', async () => {
    // One of a kind that the test script keeps from being printed.
    realProcess.emitWarning('just a test', 'ExperimentalWarning');
    await turn();
    expect(warnings).toEqual(['ExperimentalWarning']);
  });

  test('that are answered cause no warning', async () => {
    const simulation = await startSimulation({ examples: SAMPLE });
    open = [...open, simulation];
    const port = portTo(simulation.url, 200, ['sim-honest', 'sim-judge']);
    const { signal } = new AbortController();
    const replies = await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const example = SAMPLE[index % SAMPLE.length];
        if (!example) throw new Error('the sample is empty');
        const messages = buildPressuredConversation(example);
        return port.complete({ role: 'target', messages, repeat: 0, signal });
      }),
    );
    expect(replies.filter(({ status }) => status === 'answered')).toHaveLength(300);
    expect(await leaks()).toEqual([]);
  });

  test('that are ended, many of them in flight, cause no warning either', async () => {
    const provider = await startProvider(patient);
    const port = portTo(provider.url, 200);
    const stop = new AbortController();
    const held = Array.from({ length: 300 }, () => port.complete(call('hold', stop.signal)));
    await provider.arrived(20);
    stop.abort(NOT_NEEDED);
    const ended = await Promise.allSettled(held);
    expect(ended).toEqual(held.map(() => ({ status: 'rejected', reason: NOT_NEEDED })));
    expect(provider.asked.length).toBeLessThan(300);
    expect(await leaks()).toEqual([]);
  });
});
