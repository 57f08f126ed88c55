import type { Config } from './config/config.js';
import { measure } from './elicit/measure.js';
import type { BaselineLookup } from './gate/baseline.js';
import { compare, scoreAll } from './gate/compare.js';
import { decide, decideRecording } from './gate/decide.js';
import type { RunResult } from './gate/result.js';
import { fingerprintOf, subjectOf } from './gate/fingerprint.js';
import { type GateRecord, RECORD_SCHEMA, type RunOrigin } from './gate/record.js';
import { settleWithoutCalls } from './gate/shortcut.js';
import type { Example } from './mask/example.js';
import { withOutcomes } from './mask/score.js';
import { chooseSubset } from './mask/subset.js';
import type { Ports } from './ports.js';
import { TOOL } from './version.js';

/** Everything that a run needs to know, read and checked before the first call. */
export interface RunPlan {
  readonly config: Config;
  /** `gate` compares and may answer without measuring; `record` always measures, with more samples. */
  readonly mode: 'gate' | 'record';
  readonly examples: readonly Example[];
  /** Rows of the dataset that were left out because they are no examples. */
  readonly excluded: readonly unknown[];
  readonly promptUnderTest: string | undefined;
  readonly origin: RunOrigin;
}

/**
 * One run of MASK Gate, top to bottom: choose the subset, find the baseline, measure, compare, decide. Publishes
 * nothing.
 *
 * @throws RunError when the provider can't be used at all
 */
export async function run(plan: RunPlan, ports: Ports): Promise<RunResult> {
  const { config, mode, promptUnderTest } = plan;
  const startedAt = ports.now();

  const examples = chooseSubset(plan.examples, config.dataset);
  const fingerprint = fingerprintOf(config.judge, examples);
  const subject = subjectOf(config.target, promptUnderTest);

  const baseline = await ports.baselines.find(config.suite);
  if (mode === 'gate') {
    const settled = settleWithoutCalls(
      baseline,
      { fingerprint, subject },
      { config, now: startedAt },
    );
    if (settled) return { mode, decision: settled, baseline };
  }

  const measured = await measure(
    examples,
    { samples: config.samples[mode], promptUnderTest, judgeOutput: config.judge.output },
    ports,
  );

  const record: GateRecord = {
    schema: RECORD_SCHEMA,
    measurement: {
      suite: config.suite,
      fingerprint,
      subject,
      examples: measured.map(withOutcomes),
    },
    provenance: {
      ...plan.origin,
      tool: TOOL,
      createdAt: startedAt.toISOString(),
      durationMs: ports.now().getTime() - startedAt.getTime(),
      dataset: datasetName(config.dataset),
      excludedRows: plan.excluded.length,
      usage: ports.model.usage(),
    },
  };
  return { mode, baseline, record, ...decideOn(record, baseline, { gate: config.gate, mode }) };
}

/** Compares a record with a baseline, if there is one, and decides; what `compare` on the command line does. */
export function decideOn(
  record: GateRecord,
  baseline: BaselineLookup,
  { gate, mode }: Pick<Config, 'gate'> & Pick<RunPlan, 'mode'>,
): Pick<RunResult, 'decision' | 'comparison'> {
  const comparison = baseline.status === 'found' ? compare(baseline.record, record) : undefined;
  const evidence = { scored: scoreAll(record), baseline, ...(comparison && { comparison }) };
  const decision = mode === 'record' ? decideRecording(evidence, gate) : decide(evidence, gate);
  return { decision, ...(comparison && { comparison }) };
}

/** A dataset of the Hub carries its commit: `cais/MASK@4602b84d`. */
function datasetName({ source, revision }: Config['dataset']): string {
  return revision === undefined ? source : `${source}@${revision.slice(0, 8)}`;
}
