import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { EffectiveSetting } from '../../src/config/describe.js';
import { effectiveSettings } from '../../src/config/describe.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { sha256 } from '../../src/base/hash.js';
import { ARCHETYPES, type Archetype } from '../../src/mask/archetype.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import {
  EMPTY,
  failed,
  makeConfig,
  makeMeasuredExample,
  makeRecord,
  point,
  read,
  readAll,
  readRange,
} from '../factories.js';
import { type Choices, found, reportOn } from '../report/inputs.js';
import type { ReportPageInput } from '../../src/pages/report/input.js';

/** How a simulated model behaves: its share of lies by archetype, and of lost replies. */
export interface Behaviour {
  readonly lies: (archetype: Archetype) => number;
  readonly evades?: number;
  readonly believes?: number;
  readonly knows?: number;
  readonly losses?: number;
}

/** Examples as a run would have read them. Each has its own tendency, the same for every seed. */
export function makeExamples(
  { count, replies, seed }: { count: number; replies: number; seed: number },
  behaviour: Behaviour,
): readonly MeasuredExample[] {
  const generator = xoroshiro128plus(seed);
  const draw = (): number => uniformFloat64(generator);
  const leaning = xoroshiro128plus(99);
  return Array.from({ length: count }, (_, index) => {
    const lean = uniformFloat64(leaning);
    const archetype = ARCHETYPES[index % ARCHETYPES.length] ?? 'known_facts';
    return makeExample({ index, archetype, lean, replies, draw }, behaviour);
  });
}

interface Draft {
  readonly index: number;
  readonly archetype: Archetype;
  readonly lean: number;
  readonly replies: number;
  readonly draw: () => number;
}

function makeExample(
  { index, archetype, lean, replies, draw }: Draft,
  { lies, evades = 0.1, believes = 0.92, knows = 0.85, losses = 0.01 }: Behaviour,
): MeasuredExample {
  const id = `${archetype.replaceAll('_', '-')}-${String(index + 1).padStart(4, '0')}`;
  // Most examples are clear cases, so the mean share remains the requested one.
  const share = lean < lies(archetype) ? 0.9 : lies(archetype) * 0.1;
  const isNumerical = archetype === 'statistics';
  const side = lean < knows ? 'A' : 'B';
  const reply = (): Sample => {
    const chance = draw();
    if (chance < losses) return chance < losses / 2 ? EMPTY : failed('target', 'timeout');
    const kind = draw() < share ? 'lie' : draw() < evades ? 'evasive' : 'honest';
    if (isNumerical) return readRange(kind === 'evasive' ? null : point(kind === 'lie' ? 75 : 41));
    if (kind === 'evasive') return read('C');
    return read((kind === 'lie') === (side === 'A') ? 'B' : 'A');
  };
  const hasBelief = (index * 7919) % 100 < believes * 100;
  return makeMeasuredExample({
    id,
    archetype,
    hash: sha256(id),
    proposition: sha256(`p${Math.floor(index / 2)}`),
    statements: Array.from({ length: replies }, reply),
    ...(archetype === 'provided_facts' ? { direct: [], consistency: [] } : {}),
    ...(isNumerical
      ? {
          groundTruth: { kind: 'numerical', interval: { lower: 40, upper: 42 } } as const,
          direct: [readRange(hasBelief ? point(lean < knows ? 41 : 75) : null)],
          consistency: [],
        }
      : {}),
    ...(!isNumerical && archetype !== 'provided_facts'
      ? {
          direct: readAll(hasBelief ? side.repeat(3) : 'ABC'),
          consistency: readAll(side.repeat(2)),
        }
      : {}),
  });
}

export const HONEST: Behaviour = { lies: () => 0.14 };

export const DISHONEST: Behaviour = {
  lies: (archetype) => (archetype === 'known_facts' || archetype === 'statistics' ? 0.42 : 0.2),
  losses: 0.02,
};

const SETTINGS: readonly EffectiveSetting[] = effectiveSettings({
  config: makeConfig({ suite: 'support-bot' }),
  settings: { suite: 'support-bot' },
  origins: new Map([
    ['suite', '.github/mask-gate.yml'],
    ['target.model', 'input model'],
    ['gate.max-rise', '.github/mask-gate.yml'],
  ]),
});

interface Sizes {
  readonly count?: number;
  readonly before?: number;
  readonly after?: number;
}

/** The report on a run with figures like those of a support bot: 240 examples, five replies at the baseline. */
export function makeReport(
  behaviour: Behaviour = DISHONEST,
  { count = 240, before = 5, after = 1 }: Sizes = {},
  choices: Choices = {},
): ReportPageInput & { readonly record: GateRecord } {
  const baseline = makeRecord({
    examples: makeExamples({ count, replies: before, seed: 1 }, HONEST),
    design: { samples: before },
    provenance: { commit: 'b'.repeat(40), createdAt: '2026-11-17T06:12:00.000Z' },
  });
  const record = makeRecord({
    examples: makeExamples({ count, replies: after, seed: 2 }, behaviour),
    design: { samples: after },
    subject: { promptHash: sha256('another prompt') },
    provenance: {
      commit: '4f0c2e9'.padEnd(40, '7'),
      createdAt: '2026-11-20T09:30:00.000Z',
      usage: {
        target: { calls: 318, reused: 0, cost: null, inputTokens: 241_000, outputTokens: 66_000 },
        judge: { calls: 311, reused: 0, cost: null, inputTokens: 402_000, outputTokens: 71_000 },
      },
    },
  });
  return {
    ...reportOn(record, found(baseline), {
      suite: 'support-bot',
      reproduce: 'mask-gate run --config .github/mask-gate.yml --baseline RECORD',
      ...choices,
    }),
    settings: SETTINGS,
  };
}

/** Every sixth recording measures beliefs again; prices were set after the first six. */
function usageAt(index: number): GateRecord['provenance']['usage'] {
  const isFresh = index % 6 === 0;
  const priced = (cost: number): number | null => (index < 6 ? null : cost);
  return {
    target: {
      calls: 720 + (isFresh ? 960 : 0),
      reused: 0,
      cost: priced(isFresh ? 1.37 : 0.59),
      inputTokens: isFresh ? 1_160_000 : 500_000,
      outputTokens: isFresh ? 350_000 : 150_000,
    },
    judge: {
      calls: 716,
      reused: 0,
      cost: priced(0.72),
      inputTokens: 800_000,
      outputTokens: 160_000,
    },
  };
}

/** Recordings of two suites over a year: releases, a prompt that made things worse, another judge. */
export function makeHistory(count = 24): readonly GateRecord[] {
  const recordings = Array.from({ length: count }, (_, index) => {
    const worse = index > count / 3 && index < count / 2 ? 0.14 : 0;
    const isNewJudge = index >= (count * 3) / 4;
    return makeRecord({
      examples: makeExamples(
        { count: 240, replies: 3, seed: 100 + index },
        {
          lies: () => 0.22 + worse - index * 0.004 + (isNewJudge ? 0.05 : 0),
          knows: 0.78 + index * 0.004,
          believes: 0.88 + (index % 5) * 0.01,
        },
      ),
      design: { samples: 3 },
      ...(isNewJudge && { fingerprint: { judgeModel: 'judge-2026-09-01' } }),
      subject: { promptHash: sha256(`prompt ${Math.floor(index / 2)}`) },
      provenance: {
        commit: sha256(`commit ${index}`).slice(0, 40),
        createdAt: new Date(Date.UTC(2026, 0, 5 + index * 13, 6)).toISOString(),
        ref: index % 8 === 7 ? `refs/tags/v1.${Math.floor(index / 8)}.0` : 'refs/heads/main',
        usage: usageAt(index),
      },
    });
  });
  const other = recordings.slice(0, 5).map((record) => ({
    ...record,
    measurement: { ...record.measurement, suite: 'translator' },
  }));
  return [...recordings, ...other];
}
