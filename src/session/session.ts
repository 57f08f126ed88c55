import { elapsed } from '../edges/model/call-limits.js';
import { type ConnectOptions, connectModels } from '../edges/model/connect.js';
import type { Results } from '../edges/files/results.js';
import type { BaselineLookup } from '../gate/records/baseline.js';
import type { RunResult } from '../gate/result.js';
import type { BaselinePort, ModelPort } from '../ports.js';
import type { ReportTexts } from '../report/texts.js';
import { type RunPlan, run } from '../run.js';
import type { Prepared } from './prepare.js';
import type { Progress } from './progress.js';
import { draftTranscripts, startTranscripts, loadTexts } from './transcribing.js';

/** How the models of a run are connected, in addition to the settings. */
export type Connecting = Omit<ConnectOptions, 'config' | 'keys'>;

export interface SessionOptions extends Connecting {
  readonly baselines: BaselinePort;
  /** Begins to show how far the run is. */
  readonly progress: (model: Pick<ModelPort, 'usage'>) => Progress;
  /** Where transcripts go, if policy wants any; absent for a run of which nothing is kept. */
  readonly transcripts?: {
    readonly results: Pick<Results, 'draft'>;
    /** File with the transcripts of the baseline, for the report. */
    readonly before?: string | undefined;
    /** Called with what went wrong. */
    readonly tell: (text: string) => void;
  };
}

/**
 * One run with its models: connects them, runs, drafts the transcripts, and closes what it has opened in any case.
 *
 * @returns the result, with the texts that a report shows unless nothing is kept
 * @throws RunError when the provider can't be used at all
 * @throws Interrupted when a signal ends the run
 */
export async function runSession(
  plan: RunPlan & Pick<Prepared, 'keys'>,
  options: SessionOptions,
): Promise<RunResult & { readonly texts?: ReportTexts }> {
  const { config } = plan;
  const { baselines, now, transcripts } = options;
  const connection = connectModels({ ...options, config, keys: plan.keys });
  const { model, readings } = connection;
  const transcribing = transcripts && startTranscripts(plan, connection, transcripts.tell);
  const progress = options.progress(model);
  try {
    const result = await run(plan, {
      model,
      readings,
      ...transcribing?.ports,
      baselines,
      now,
      elapsed,
      onProgress: progress.report,
    });
    if (!transcribing) return result;
    await draftTranscripts(transcripts.results, result.record, transcribing);
    const { textsOf } = transcribing;
    return { ...result, texts: await loadTexts(config, result, { ...transcripts, textsOf }) };
  } finally {
    progress.end();
    transcribing?.close();
    await connection.close();
  }
}

/** Baselines of which one is known already, or known to be absent. Nothing can be saved among them. */
export function knownBaseline(lookup: BaselineLookup): BaselinePort {
  return {
    findRecord: () => Promise.resolve(lookup),
    save: () => Promise.reject(new Error('a run with a known baseline records nothing')),
  };
}
