import type { Config } from '../config/config.js';
import { connectModels } from '../edges/connect.js';
import type { GitHub } from '../edges/github.js';
import { readCacheFolder, runner } from '../edges/runner.js';
import { RunError, UsageError, messageOf } from '../errors.js';
import { conclude, isRecordable } from '../gate/decide.js';
import type { RunResult } from '../gate/result.js';
import type { BaselinePort } from '../ports.js';
import { listenForSignals } from '../interrupt.js';
import { describePace, reportTenths } from '../progress.js';
import type { ReportInput } from '../report/comment.js';
import { run } from '../run.js';
import { startTranscripts, textsAfter } from '../transcribing.js';
import { askForBase } from './base.js';
import { openBaselines } from './baselines.js';
import { type InlineRequest, measuringBase } from './inline.js';
import type { Request } from './request.js';
import { findStray } from './stray.js';

/** Runs, and turns what keeps a run from its end into a result that can be published: no key, or a refusal. */
export async function measureOrExplain(
  { occasion, root, configPath, assignments, output }: Request,
  { prepared, policy, keyFor }: Pick<InlineRequest, 'prepared' | 'policy' | 'keyFor'>,
  github: GitHub,
): Promise<RunResult & Pick<ReportInput, 'search' | 'texts'>> {
  const { config, keys, missingKeys } = prepared;
  const { mode, origin } = occasion;
  const [missingKey] = missingKeys;
  // A gate may come to its verdict without a key; a recording has none to come to.
  if (missingKey && mode === 'record') throw new UsageError(missingKeys);
  const stray = await findStray(occasion, root);
  if (stray) {
    const decision = conclude('not-measured', stray, config.gate);
    return { mode, decision, baseline: { status: 'absent' } };
  }
  const { baselines, search } = await openBaselines(config, occasion, { root, github });
  const now = (): Date => new Date();
  const interruption = listenForSignals();
  const connection = { folder: readCacheFolder(), now, onFailure: tellFailure, interruption };
  const models = connectModels({ ...connection, config, keys });
  const { model, readings } = models;
  const transcripts = startTranscripts(prepared, models, runner.warn);
  const atBase = { policy, configPath, assignments, commit: search.commit, github };
  const base = askForBase(atBase, { occasion, root });
  const isInline = mode === 'gate' && config.baseline.inline && !missingKey;
  const lookups = isInline
    ? measuringBase(baselines, { ...atBase, base, prepared, keyFor, occasion, connection })
    : baselines;
  try {
    const onProgress = reportTenths(runner.info, describePace(model, now));
    const result = await run(
      { ...prepared, mode, origin, base, ...(missingKey && { missingKey: missingKey.where }) },
      { model, readings, ...transcripts.ports, baselines: lookups, now, onProgress },
    );
    const mayLackKey = occasion.pullRequest?.isFork && !occasion.approved;
    if (result.decision.reason.kind === 'no-key' && !mayLackKey) {
      throw new UsageError(missingKeys);
    }
    const kept = mode === 'record' ? await recordBaseline(result, baselines, config) : result;
    const texts = { run: await transcripts.write(output, result.record) };
    return { ...kept, search, texts: await textsAfter(config, result, texts) };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const decision = conclude('error', { kind: 'run-failed', detail: error.message }, config.gate);
    return { mode, decision, baseline: { status: 'absent' } };
  } finally {
    transcripts.close();
    await models.close();
    interruption.release();
  }
}

/** Saves what is fit to be a baseline. What can't be saved fails the run, but stays in its own files. */
async function recordBaseline(
  result: RunResult,
  baselines: BaselinePort,
  { gate }: Config,
): Promise<RunResult> {
  if (!result.record || !isRecordable(result.decision.verdict)) return result;
  try {
    runner.info(`Baseline recorded: ${await baselines.save(result.record)}`);
    return result;
  } catch (error) {
    const detail = `measured, but not recorded: ${messageOf(error)}`;
    return { ...result, decision: conclude('error', { kind: 'run-failed', detail }, gate) };
  }
}

function tellFailure(text: string): void {
  runner.info(`A call failed: ${text}. Further ones of this kind are only counted.`);
}
