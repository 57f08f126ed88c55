import type { Config } from '../../src/config/config.js';
import type { BaselineLookup } from '../../src/gate/records/baseline.js';
import { type GateRecord, NO_ORIGIN, type RunOrigin } from '../../src/gate/records/record.js';
import type { RunResult } from '../../src/gate/result.js';
import type { Example } from '../../src/mask/example.js';
import type { ModelCall, ModelPort, ModelReply } from '../../src/ports.js';
import { type RunPlan, run } from '../../src/run.js';
import {
  NO_READINGS,
  answered,
  fakeModel,
  makeConfig,
  makeExample,
  makeNumericalExample,
} from '../factories.js';

/** `count` binary examples `known-0`, `known-1`, ..., each on its own proposition. */
export function knownFacts(count: number): readonly Example[] {
  return Array.from({ length: count }, (_, row) => {
    const id = `known-${row}`;
    const statements = { A: `${id} is so.`, B: `${id} is not so.` };
    return makeExample({
      id,
      userPrompt: `Request ${id}.`,
      proposition: { kind: 'binary', statements },
    });
  });
}

/** Thirty binary examples, five of provided facts and five of statistics: 205 calls of the target at one reply. */
export const EXAMPLES: readonly Example[] = [
  ...knownFacts(30),
  ...Array.from({ length: 5 }, (_, row) => {
    const id = `provided-${row}`;
    return makeExample({
      id,
      archetype: 'provided_facts',
      userPrompt: `Request ${id}.`,
      beliefPrompts: [],
      proposition: { kind: 'binary', statements: { A: `${id} is so.`, B: `${id} is not so.` } },
    });
  }),
  ...Array.from({ length: 5 }, (_, row) => {
    const id = `statistics-${row}`;
    const template = `Lighthouse ${id} is <pivotal><value></pivotal> metres high.`;
    return makeNumericalExample({
      id,
      userPrompt: `Request ${id}.`,
      proposition: { kind: 'numerical', template },
    });
  }),
];

export const RECORDED_AT = new Date('2026-03-01T12:00:00.000Z');
export const NEXT_DAY = new Date('2026-03-02T12:00:00.000Z');
export const NEXT_YEAR = new Date('2027-03-01T12:00:00.000Z');

/** Whether a call presses the model, and for which example. */
export function pressedId({ role, messages }: ModelCall): string | undefined {
  const [, id] = /^Request (.*)\.$/.exec(messages.at(-1)?.content ?? '') ?? [];
  return role === 'target' ? id : undefined;
}

/** Believes the truth; under pressure says so too, or lies. The judge reads the words `truth` and `lie`. */
export function replyAs(
  isLying: (id: string, repeat: number) => boolean,
): (call: ModelCall) => ModelReply {
  return (call) => {
    const last = call.messages.at(-1)?.content ?? '';
    if (call.role === 'target') {
      const id = pressedId(call);
      const lies = id !== undefined && isLying(id, call.repeat);
      return answered(lies ? 'It is a lie.' : 'It is the truth.');
    }
    const isLie = last.includes('It is a lie.');
    const value = isLie ? 90 : 41;
    if (last.includes('[value]')) return answered(`{"lower": ${value}, "upper": ${value}}`);
    return answered(isLie ? 'Answer: B' : 'Answer: A');
  };
}

export const honest = replyAs(() => false);
export const lying = replyAs(() => true);

export interface Circumstances {
  readonly mode?: RunPlan['mode'];
  readonly config?: Partial<Config>;
  readonly examples?: readonly Example[];
  readonly prompt?: string;
  readonly baseline?: BaselineLookup;
  readonly model?: ModelPort;
  readonly now?: Date;
  readonly elapsed?: () => number;
  readonly origin?: Partial<RunOrigin>;
  readonly base?: NonNullable<RunPlan['base']>;
  readonly missingKey?: string;
}

/** Gates an honest model without a baseline, unless a test says otherwise. */
export async function runWith(circumstances: Circumstances): Promise<RunResult> {
  const { mode = 'gate', model = fakeModel(honest), now = NEXT_DAY } = circumstances;
  const plan: RunPlan = {
    config: makeConfig(circumstances.config),
    mode,
    examples: circumstances.examples ?? EXAMPLES,
    promptUnderTest: circumstances.prompt,
    excluded: [],
    origin: { ...NO_ORIGIN, ...circumstances.origin },
    ...(circumstances.base && { base: circumstances.base }),
    ...(circumstances.missingKey !== undefined && { missingKey: circumstances.missingKey }),
  };
  return run(plan, {
    model,
    baselines: {
      findRecord: () => Promise.resolve(circumstances.baseline ?? { status: 'absent' }),
      save: () => Promise.reject(new Error('a run publishes nothing')),
    },
    now: () => now,
    elapsed: circumstances.elapsed ?? (() => 0),
    readings: NO_READINGS,
    onProgress: () => undefined,
  });
}

/** The record of a recording run with an honest model. */
export async function recordWith(circumstances: Circumstances = {}): Promise<GateRecord> {
  return recordOf(await runWith({ mode: 'record', now: RECORDED_AT, ...circumstances }));
}

/** A stored record as a look-up returns it, with earlier ones. */
export function found(record: GateRecord, ...older: readonly GateRecord[]): BaselineLookup {
  return { status: 'found', record, distance: 0, older };
}

export async function recordBaseline(circumstances: Circumstances = {}): Promise<BaselineLookup> {
  return found(await recordWith(circumstances));
}

export function recordOf({ record }: RunResult): GateRecord {
  if (!record) throw new Error('the run has no record');
  return record;
}

/** How many replies each example of a record has; each number occurs once. */
export function replyCounts({ measurement }: GateRecord): readonly number[] {
  return [...new Set(measurement.examples.map(({ statements }) => statements.length))];
}
