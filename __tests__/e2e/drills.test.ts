import type { ServerResponse } from 'node:http';
import { jest } from '@jest/globals';
import { connectModels } from '../../src/edges/model/connect.js';
import { measure } from '../../src/elicit/measure.js';
import { computeHash } from '../../src/base/hash.js';
import {
  type Failure,
  type MeasuredExample,
  type Sample,
  allSamples,
} from '../../src/mask/sample.js';
import { withOutcomes } from '../../src/mask/score.js';
import { EXAMPLES } from '../elicit/runs.js';
import { planFor } from '../elicit/plans.js';
import { makeConfig, makeRole } from '../factories.js';
import { takeAlarms } from './alarms.js';
import {
  type Completion,
  type DrillServer,
  type Fault,
  type Incoming,
  sendJson,
  startDrill,
} from './drill-server.js';
import { useTempFolder } from '../edges/temp.js';

const folder = useTempFolder();

/** Two binary examples, one of provided facts, one of statistics: every kind of call. */
const FOUR = [0, 1, 30, 35].flatMap((place) => EXAMPLES[place] ?? []);

/** No other timer has this length. */
const ATTEMPT_MS = 123_457;

/**
 * Short, so that what stays is given up in this test and not in ten minutes. Refusals that pass are waited for as long
 * as it takes: how long that is hangs on the machine.
 */
const REFUSED_MS = { passes: 600_000, stays: 300 };

const LIMITS = {
  attempt: ATTEMPT_MS,
  maxPause: 20,
  backoff: { initial: 10, max: 40 },
};

interface Drill {
  readonly measured: readonly MeasuredExample[];
  readonly server: Pick<DrillServer, 'asked' | 'answered'>;
  /** What was said of failures. */
  readonly said: readonly string[];
}

/** Measures the examples through the real client against a server that fails as told. */
async function drill(
  choose: (incoming: Incoming) => Fault | undefined,
  trouble: keyof typeof REFUSED_MS = 'passes',
  now = () => new Date(),
): Promise<Drill> {
  const alarms = takeAlarms(ATTEMPT_MS);
  const server = await startDrill((incoming) => {
    const fault = choose(incoming);
    if (fault?.hangs) alarms.hang(fault.hangs);
    return fault;
  });
  const provider = { ...makeRole().provider, baseUrl: server.url, concurrency: 8 };
  const config = makeConfig({
    target: makeRole({ provider, model: 'target' }),
    judge: makeRole({ provider, model: 'judge' }),
  });
  const said: string[] = [];
  const { model, readings } = connectModels({
    config,
    keys: new Map([[provider.name, 'sk-simulated']]),
    folder: `${folder.path}/${computeHash(server.url)}`,
    now,
    onFailure: (text) => said.push(text),
    limits: { ...LIMITS, deadline: { 'rate-limited': REFUSED_MS[trouble], transient: 200 } },
  });
  try {
    const ports = { model, readings, onProgress: () => undefined };
    return { measured: await measure(FOUR, planFor(FOUR, { samples: 2 }), ports), server, said };
  } finally {
    await server.close();
    alarms.restore();
  }
}

/** Uniform between 0 and 1, the same for the same words. */
function draw(...words: readonly (string | number)[]): number {
  return parseInt(computeHash(words).slice(0, 8), 16) / 0x1_0000_0000;
}

function pick<T>(all: readonly T[], ...words: readonly (string | number)[]): T {
  const one = all[Math.floor(draw(...words) * all.length)];
  if (one === undefined) throw new Error('there is nothing to pick');
  return one;
}

const write =
  (status: number, type: string, body: string | Uint8Array, headers: object = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };
const refusal = (headers: Readonly<Record<string, string>>): Fault => ({
  respond: write(429, 'application/json', '{"error":{"message":"Slow down."}}', headers),
});
const withChoice =
  (change: object) =>
  (response: ServerResponse, sound: Completion): void => {
    sendJson(response, { ...sound, choices: [{ ...sound.choices[0], ...change }] });
  };

const PAGE = '<html><body><h1>Bad gateway</h1></body></html>';
const RATE_NONSENSE = {
  'x-ratelimit-limit-requests': '1',
  'x-ratelimit-remaining-requests': '-7',
  'x-ratelimit-reset-requests': '876000h',
  'x-ratelimit-limit-tokens': '1e999',
  'x-ratelimit-remaining-tokens': 'NaN',
};

interface Row {
  readonly name: string;
  /** What goes wrong; one of these is drawn each time. */
  readonly faults: readonly Fault[];
  readonly reason: Failure;
  /** Whether the call itself is tried again; what is not, the second round of the run tries. */
  readonly isRepeated: boolean;
}

const ROWS: readonly Row[] = [
  {
    name: '429 without headers, or with nonsense for headers',
    faults: [refusal({}), refusal(RATE_NONSENSE)],
    reason: 'rate-limited',
    isRepeated: true,
  },
  {
    name: '429 that asks for a pause, in all forms',
    faults: [
      refusal({ 'retry-after-ms': '5' }),
      refusal({ 'retry-after': '0.005' }),
      refusal({ 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }),
    ],
    reason: 'rate-limited',
    isRepeated: true,
  },
  {
    name: '429 that asks for a hostile pause',
    faults: [
      refusal({ 'retry-after': '-5' }),
      refusal({ 'retry-after': '31536000' }),
      refusal({ 'retry-after-ms': '1e300' }),
      refusal({ 'retry-after-ms': 'Infinity' }),
      refusal({ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
      refusal({ 'retry-after': 'garbage', 'retry-after-ms': 'garbage' }),
      refusal({ 'retry-after': '0' }),
    ],
    reason: 'rate-limited',
    isRepeated: true,
  },
  {
    name: '500 to 599, with JSON, a page, or nothing',
    faults: [500, 501, 502, 503, 504, 520, 529, 599].flatMap((status) => [
      { respond: write(status, 'application/json', '{"error":{"message":"Broken."}}') },
      { respond: write(status, 'text/html', PAGE) },
      { respond: write(status, 'application/json', '') },
    ]),
    reason: 'server-error',
    isRepeated: true,
  },
  {
    name: 'a connection that is reset, before the answer or in the middle',
    faults: [
      { respond: (response) => response.destroy() },
      {
        respond: (response, sound) => {
          const body = JSON.stringify(sound);
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-length': body.length,
          });
          response.write(body.slice(0, -20), () => response.destroy());
        },
      },
      {
        respond: (response, sound) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.write(JSON.stringify(sound).slice(0, 30), () => response.destroy());
        },
      },
    ],
    reason: 'network',
    isRepeated: true,
  },
  {
    name: 'half of the JSON, in a whole response',
    faults: [
      {
        respond: (response, sound) => {
          write(200, 'application/json', JSON.stringify(sound).slice(0, -30))(response);
        },
      },
    ],
    reason: 'malformed-answer',
    isRepeated: true,
  },
  {
    name: 'no answer in time, and one that stops in the middle',
    faults: [
      { respond: () => undefined, hangs: 'none' },
      {
        respond: (response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":');
        },
        hangs: 'begun',
      },
    ],
    reason: 'timeout',
    isRepeated: false,
  },
  {
    name: 'what is no completion: a page, no choices, none at all, null',
    faults: [
      { respond: write(200, 'text/html', PAGE) },
      { respond: write(200, 'application/json', '') },
      { respond: write(200, 'application/json', 'null') },
      { respond: write(200, 'application/json', '[]') },
      { respond: write(200, 'application/json', '{"choices":[]}') },
      { respond: write(200, 'application/json', '{"choices":[{}]}') },
      { respond: write(200, 'application/json', '{"error":{"message":"Broken."}}') },
      { respond: withChoice({ message: null }) },
      { respond: withChoice({ message: { content: 7 } }) },
      { respond: write(204, 'application/json', '') },
    ],
    reason: 'malformed-answer',
    isRepeated: false,
  },
  {
    name: '10 MB of answer, with and without a stated length',
    faults: [
      {
        respond: (response) => {
          sendJson(response, { choices: [{ message: { content: 'x'.repeat(1e7) } }] });
        },
      },
      {
        respond: (response) => {
          const body = Buffer.from(`{"choices":[{"message":{"content":"${'x'.repeat(1e7)}"}}]}`);
          write(200, 'application/json', body, { 'content-length': body.length })(response);
        },
      },
    ],
    reason: 'malformed-answer',
    isRepeated: false,
  },
];

let known: Drill | undefined;
let clean: Drill;

beforeEach(async () => {
  clean = known ??= await drill(() => undefined);
});

test('without faults everything is measured, at the fewest calls', () => {
  expect(samplesOf(clean.measured).filter(({ status }) => status !== 'read')).toEqual([]);
  expect(clean.said).toEqual([]);
  expect(clean.server.asked).toEqual(clean.server.answered);
});

function samplesOf(measured: readonly MeasuredExample[]): readonly Sample[] {
  return measured.flatMap(allSamples);
}

/** A reply that was lost, or whose belief was. */
const NOT_MEASURED = ['failed', 'belief-lost'];

/** Nothing is measured otherwise than without faults, and what is lost says so and does not count as honest. */
function expectSound({ measured, server }: Drill, reasons: readonly Failure[]): void {
  const [found, expected] = [samplesOf(measured), samplesOf(clean.measured)];
  expect(found).toHaveLength(expected.length);
  for (const [index, sample] of found.entries()) {
    if (sample.status === 'failed') expect(reasons).toContain(sample.reason);
    else expect(sample).toEqual(expected[index]);
  }
  for (const example of measured) {
    const { statements, outcomes } = withOutcomes(example);
    for (const [index, outcome] of outcomes.entries()) {
      if (statements[index]?.status === 'failed') expect(NOT_MEASURED).toContain(outcome);
    }
  }
  expectNoneAgain(server);
}

/** No request is answered more often than without faults. */
function expectNoneAgain({ answered }: Drill['server']): void {
  const again = [...answered].filter(
    ([key, count]) => count > (clean.server.answered.get(key) ?? 0),
  );
  expect(again).toEqual([]);
}

describe.each(ROWS)('$name', ({ name, faults, reason, isRepeated }) => {
  test.each([1, 2])('that passes loses nothing (seed %i)', async (seed) => {
    const run = await drill(({ key, attempt, role }) => {
      // Where the run itself has to try again, it does so once an answer and its reading.
      const isHit = attempt === 1 && (isRepeated || role === 'target');
      return isHit && draw(name, seed, key) < 0.7 ? pick(faults, name, seed, key) : undefined;
    });
    expect(run.measured).toEqual(clean.measured);
    expect(run.server.asked).not.toEqual(clean.server.asked);
    expectNoneAgain(run.server);
  });

  test.each([1, 2])('that stays is counted by its reason (seed %i)', async (seed) => {
    const run = await drill(
      ({ key, attempt }) =>
        draw(name, seed, key) < 0.3 ? pick(faults, name, seed, key, attempt) : undefined,
      'stays',
    );
    expectSound(run, [reason]);
    const lost = samplesOf(run.measured).filter(({ status }) => status === 'failed');
    expect(lost.length).toBeGreaterThan(0);
    expect(run.said.length).toBeGreaterThan(0);
  });
});

describe('an answer that the provider did not let through', () => {
  const filter: Fault = {
    respond: withChoice({ finish_reason: 'content_filter', message: { content: 'I s' } }),
    isAnswer: true,
  };

  test.each([1, 2, 3])('is not measured, and not asked for again (seed %i)', async (seed) => {
    const run = await drill(({ key }) => (draw('filter', seed, key) < 0.3 ? filter : undefined));
    expectSound(run, ['content-filter']);
    expect(run.said.join()).toContain('content-filter');
    for (const [key, count] of run.server.asked) {
      expect(count).toBeLessThanOrEqual(clean.server.asked.get(key) ?? 0);
    }
  });
});

test.each([1, 2])(
  'an answer that was cut says so, and a cut verdict is none and asked for once more (seed %i)',
  async (seed) => {
    const cut: Fault = { respond: withChoice({ finish_reason: 'length' }), isAnswer: true };
    const run = await drill(({ key }) => (draw('cut', seed, key) < 0.3 ? cut : undefined));
    const expected = samplesOf(clean.measured);
    let marked = 0;
    for (const [index, sample] of samplesOf(run.measured).entries()) {
      if (sample.status !== 'read') throw new Error('all of it was answered');
      const { truncated, ...rest } = sample;
      const isCut = rest.reading.corrected === 'unreadable';
      if (truncated || isCut) marked += 1;
      if (!isCut) expect(rest).toEqual(expected[index]);
    }
    expect(marked).toBeGreaterThan(0);
    expect([...run.server.asked.keys()].sort()).toEqual([...clean.server.asked.keys()].sort());
    const again = [...clean.server.asked].map(
      ([key, count]) => (run.server.asked.get(key) ?? 0) / count,
    );
    expect(new Set(again)).toEqual(new Set([1, 2]));
  },
);

test('bytes that are not UTF-8 are read as far as they go', async () => {
  const broken: Fault = {
    respond: (response, sound) => {
      const [head = '', tail = ''] = JSON.stringify(sound).split('I say');
      const bytes = [Buffer.from(`${head}I`), Buffer.from([0xff, 0xc3, 0x28, 0x20])];
      write(
        200,
        'application/json',
        Buffer.concat([...bytes, Buffer.from(`say${tail}`)]),
      )(response);
    },
    isAnswer: true,
  };
  const run = await drill(({ role }) => (role === 'target' ? broken : undefined));
  expect(samplesOf(run.measured).filter(({ status }) => status !== 'read')).toEqual([]);
  expect(samplesOf(run.measured)).toHaveLength(samplesOf(clean.measured).length);
});

describe('a clock that is set while the run goes on', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each([1, 2])('moves no deadline and no pause (seed %i)', async (seed) => {
    const DAY_MS = 86_400_000;
    const start = Date.now();
    let jumps = 0;
    const jump = (): number => start + (draw('clock', seed, (jumps += 1)) - 0.5) * 4 * DAY_MS;
    jest.spyOn(Date, 'now').mockImplementation(jump);
    const faults = [
      refusal({ 'retry-after-ms': '5' }),
      refusal({ 'retry-after': new Date(start).toUTCString() }),
      { respond: write(500, 'text/html', PAGE) },
    ];
    const run = await drill(
      ({ key, attempt }) => (attempt === 1 ? pick(faults, seed, key) : undefined),
      'passes',
      () => new Date(jump()),
    );
    expect(run.measured).toEqual(clean.measured);
    expectNoneAgain(run.server);
  });
});

test.each([1, 2, 3, 4, 5, 6])('all of it at once (seed %i)', async (seed) => {
  const quick = ROWS.filter(({ reason }) => reason !== 'timeout');
  const faults = quick.flatMap((row) => row.faults.map((fault) => fault));
  const run = await drill(
    ({ key, attempt }) =>
      draw('all', seed, key, attempt) < 0.5 ? pick(faults, 'which', seed, key, attempt) : undefined,
    'stays',
  );
  expectSound(
    run,
    quick.map(({ reason }) => reason),
  );
});
