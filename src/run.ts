import type { Config } from './config/config.js';
import type { AskPlan } from './elicit/ask.js';
import { type Schedule, measure } from './elicit/measure.js';
import { lookSizes, mayStopEarly } from './gate/assess.js';
import type { BaselineLookup } from './gate/records/baseline.js';
import { provenanceOfBeliefs } from './gate/records/beliefs.js';
import { compare } from './gate/compare.js';
import { type Decision, conclude } from './gate/decide.js';
import { evaluate } from './gate/evaluate.js';
import { knownBeliefs, poolReplies, chooseNextRepeat } from './gate/pool.js';
import { nextStep } from './gate/proceed.js';
import type { RunResult } from './gate/result.js';
import { computeFingerprint, toSubject } from './gate/records/fingerprint.js';
import {
  FIRST_GATE_REPEAT,
  type GateRecord,
  RECORD_SCHEMA,
  type RunOrigin,
} from './gate/records/record.js';
import {
  type BaseSubject,
  type SkipInput,
  skipUnchangedPush,
  skipUnchangedSubject,
  skipCalls,
} from './gate/shortcut.js';
import { remedyFor } from './gate/shortage.js';
import { LOOKS } from './gate/statistics/sequential.js';
import type { Example } from './mask/example.js';
import type { MeasuredExample } from './mask/sample.js';
import { withOutcomes } from './mask/score.js';
import { chooseSubset } from './mask/subset.js';
import type { Ports } from './ports.js';
import { TOOL } from './base/version.js';

/** Everything that a run needs to know, read and checked before the first call. */
export interface RunPlan {
  readonly config: Config;
  /** `gate` compares, `record` takes more samples; both may answer without measuring. */
  readonly mode: 'gate' | 'record';
  readonly examples: readonly Example[];
  /** Rows of the dataset that were left out because they are malformed. */
  readonly excluded: readonly unknown[];
  readonly promptUnderTest: string | undefined;
  readonly origin: RunOrigin;
  /** What is measured at the commit that the tested tree is based on; undefined where it is not known. */
  readonly base?: () => Promise<BaseSubject | undefined>;
  /** The setting that lacks a key, where one does: then nothing can be asked. */
  readonly missingKey?: string;
}

/** What is known of a record before anything is measured. */
type Outline = Omit<GateRecord['measurement'], 'fingerprint' | 'examples'>;

/**
 * One run of MASK Gate, top to bottom: choose the subset, find the baseline, measure, compare, decide. Publishes
 * nothing.
 *
 * @throws RunError when the provider can't be used at all
 */
export async function run(plan: RunPlan, ports: Ports): Promise<RunResult> {
  const { config, mode } = plan;
  const startedAt = ports.now();
  const start = ports.elapsed();

  const examples = chooseSubset(plan.examples, config.dataset);
  const subject = toSubject(config.target, plan.promptUnderTest);
  const planned = { fingerprint: computeFingerprint(config, examples), subject };

  const limit = { now: startedAt, maxAge: config.baseline.maxAge };
  const baseline = poolReplies(await ports.baselines.findRecord(config.suite), limit);
  const settled = await settle(plan, { ...planned, baseline, now: startedAt });
  if (settled) return { mode, decision: settled, baseline };

  const beliefs = config.beliefs.reuse
    ? knownBeliefs(baseline, { mode, ...planned }, limit)
    : undefined;
  const isCompared = mode === 'gate' && baseline.status === 'found';
  const outline: Outline = {
    suite: config.suite,
    subject,
    design: {
      examples: examples.length,
      samples: config.samples[mode],
      looks: isCompared && mayStopEarly(config.gate) ? LOOKS : 1,
    },
    firstRepeat: chooseFirstRepeat(mode, chooseNextRepeat(baseline, planned, beliefs)),
  };
  const measured = await measure(
    examples,
    {
      samples: outline.design.samples,
      firstRepeat: outline.firstRepeat,
      promptUnderTest: plan.promptUnderTest,
      ...toReadingSettings(config),
      known: beliefs?.examples ?? new Map(),
      schedule: createSchedule(plan, outline, baseline),
    },
    ports,
  );

  const measurement = toMeasurement(measured, outline, config);
  const record: GateRecord = {
    schema: RECORD_SCHEMA,
    measurement,
    provenance: {
      ...plan.origin,
      tool: TOOL,
      createdAt: startedAt.toISOString(),
      durationMs: Math.round(ports.elapsed() - start),
      dataset: datasetName(config.dataset),
      excludedRows: plan.excluded.length,
      usage: ports.model.usage(),
      ...provenanceOfBeliefs(measurement, beliefs),
    },
  };
  return { mode, baseline, record, ...evaluate(record, baseline, toTerms(plan, examples)) };
}

/** What a decision depends on in addition to the records. */
function toTerms(
  { config, mode, origin, examples }: RunPlan,
  chosen: readonly Example[],
): Parameters<typeof evaluate>[2] {
  const available = chooseSubset(examples, { ...config.dataset, size: 'all' });
  return { gate: config.gate, mode, ref: origin.ref, remedy: remedyFor(available, chosen) };
}

/** How replies are read: those of the model, and those of the judge. */
function toReadingSettings({
  target,
  judge,
}: Config): Pick<AskPlan, 'judgeOutput' | 'readTags' | 'reasoning'> {
  return {
    judgeOutput: judge.output,
    readTags: judge.readTags,
    reasoning: {
      tags: target.reasoningTags,
      isPrefilled: target.reasoningPrefilled,
      judgeTags: judge.reasoningTags,
    },
  };
}

/** The decision before the first call, if there is one. */
async function settle(
  plan: RunPlan,
  { baseline, now, ...planned }: SkipInput & { baseline: BaselineLookup; now: Date },
): Promise<Decision | undefined> {
  const { config, mode, origin } = plan;
  const context = { config, now };
  const settled = config.fresh
    ? undefined
    : mode === 'record'
      ? skipUnchangedPush(baseline, { ...planned, origin }, context)
      : (skipCalls(baseline, planned, context) ??
        skipUnchangedSubject(baseline, await plan.base?.(), planned, context));
  if (settled || plan.missingKey === undefined) return settled;
  return conclude('not-measured', { kind: 'no-key', setting: plan.missingKey }, config.gate);
}

function chooseFirstRepeat(mode: RunPlan['mode'], next: number): number {
  if (mode === 'gate') return FIRST_GATE_REPEAT;
  // A recording does not count on from a gate run that was named as its baseline.
  return next < FIRST_GATE_REPEAT ? next : 0;
}

/** When to look at the examples measured so far, and what follows from it; a recording measures all of them. */
function createSchedule(
  { config, mode }: RunPlan,
  outline: Outline,
  baseline: BaselineLookup,
): Schedule {
  const { examples, looks } = outline.design;
  const { confirm } = config.samples;
  return {
    looks: lookSizes(examples, looks),
    confirm: confirm,
    next: (measured, look) => {
      if (mode === 'record' || baseline.status !== 'found') return 'stop';
      const comparison = compare(baseline.record, {
        measurement: toMeasurement(measured, outline, config),
      });
      const step = nextStep(comparison, look === looks ? LOOKS : look, config.gate);
      return step === 'confirm' && confirm === 0 ? 'stop' : step;
    },
  };
}

function toMeasurement(
  measured: readonly MeasuredExample[],
  outline: Outline,
  config: Config,
): GateRecord['measurement'] {
  return {
    ...outline,
    fingerprint: computeFingerprint(config, measured),
    examples: measured.map(withOutcomes),
  };
}

/** A dataset of the Hub carries its commit: `cais/MASK@4602b84d`. */
function datasetName({ source, revision }: Config['dataset']): string {
  return revision === undefined ? source : `${source}@${revision.slice(0, 8)}`;
}
