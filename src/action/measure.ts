import type { Config } from '../config/config.js';
import { elapsed } from '../edges/model/call-limits.js';
import type { GitHub } from '../edges/github/client.js';
import { describeFileFault } from '../edges/files/file-faults.js';
import type { Results } from '../edges/files/results.js';
import { NO_CACHE_FOLDER, readCacheFolder, runner } from '../edges/github/runner.js';
import { RunError, UsageError } from '../base/errors.js';
import { conclude, isRecordable } from '../gate/decide.js';
import type { RunResult } from '../gate/result.js';
import type { BaselinePort } from '../ports.js';
import { listenForSignals } from '../session/interrupt.js';
import { describePace, reportTenths } from '../session/progress.js';
import type { ReportInput } from '../report/comment/comment.js';
import { runSession } from '../session/session.js';
import { askForBase } from './context/base.js';
import { openBaselines } from './baselines.js';
import { type InlineRequest, withInlineBaseline } from './inline.js';
import { tryStore } from './output.js';
import type { ActionRequest } from './context/request.js';
import { findUntestedCommit } from './context/untested-commit.js';

/** Runs, and turns what keeps a run from its end into a result that can be published: no key, or a refusal. */
export async function measureOrExplain(
  request: ActionRequest,
  ready: MeasureSettings,
  github: GitHub,
): Promise<MeasuredRun> {
  const { trigger, root } = request;
  const { config, missingKeys } = ready.prepared;
  const { mode } = trigger;
  // A gate may come to its verdict without a key; a recording has none to come to.
  if (missingKeys.length > 0 && mode === 'record') throw new UsageError(missingKeys);
  const stray = await findUntestedCommit(trigger, root);
  if (!stray) return measureTested(request, ready, github);
  const decision = conclude('not-measured', stray, config.gate);
  return { mode, decision, baseline: { status: 'absent' } };
}

/** What a run needs that is about to be measured. */
type MeasureSettings = Pick<InlineRequest, 'prepared' | 'policy' | 'keyFor'> &
  Pick<ReportInput, 'deferred'> & { readonly results: Results };

type MeasuredRun = RunResult & Pick<ReportInput, 'search' | 'texts' | 'replacement'>;

/** The run itself, of the commit that the event is about. */
async function measureTested(
  { trigger, root, configPath, assignments }: ActionRequest,
  { prepared, policy, keyFor, results, deferred }: MeasureSettings,
  github: GitHub,
): Promise<MeasuredRun> {
  const { config, missingKeys } = prepared;
  const { mode, origin } = trigger;
  const [missingKey] = missingKeys;
  const { baselines, anchor, search, replacement } = await openBaselines(config, trigger, {
    root,
    github,
    deferred,
  });
  const change = replacement && { replacement };
  if (mode === 'record') await tryStore(config.baseline, root);
  const interruption = listenForSignals();
  const now = (): Date => new Date();
  const folder = readCacheFolder();
  if (folder === undefined && config.cache.keep !== 'nothing') runner.warn(NO_CACHE_FOLDER);
  const connecting = { folder, now, onFailure: tellFailure, interruption };
  const atBase = { policy, configPath, assignments, commit: anchor.commit, github };
  const base = askForBase(atBase, { trigger, root });
  const isInline = mode === 'gate' && config.baseline.inline && !missingKey;
  const lookups = isInline
    ? withInlineBaseline(baselines, { ...atBase, base, prepared, keyFor, trigger, connecting })
    : baselines;
  try {
    const result = await runSession(
      { ...prepared, mode, origin, base, ...(missingKey && { missingKey: missingKey.where }) },
      {
        ...connecting,
        baselines: lookups,
        progress: (model) => reportTenths(runner.info, describePace(model, elapsed)),
        transcripts: { results, tell: runner.warn },
      },
    );
    const mayLackKey = trigger.pullRequest?.isFork && !trigger.approved;
    if (result.decision.reason.kind === 'no-key' && !mayLackKey) {
      throw new UsageError(missingKeys);
    }
    const kept = mode === 'record' ? await recordBaseline(result, baselines, config) : result;
    return { ...kept, ...change, search: search() };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const decision = conclude('error', { kind: 'run-failed', detail: error.message }, config.gate);
    return { mode, decision, baseline: { status: 'absent' }, ...change };
  } finally {
    interruption.release();
  }
}

/** Saves what is fit to be a baseline. What can't be saved fails the run, but stays in its own files. */
async function recordBaseline<Result extends RunResult>(
  result: Result,
  baselines: BaselinePort,
  { gate }: Config,
): Promise<Result> {
  if (!result.record || !isRecordable(result.decision.verdict)) return result;
  try {
    runner.info(`Baseline recorded: ${await baselines.save(result.record)}`);
    return result;
  } catch (error) {
    const detail = `measured, but not recorded: ${describeFileFault(error)}`;
    return { ...result, decision: conclude('error', { kind: 'run-failed', detail }, gate) };
  }
}

function tellFailure(text: string): void {
  runner.info(`A call failed: ${text}. Further failures of this kind are only counted.`);
}
