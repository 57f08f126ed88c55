import './crash.js';
import { openBaselines } from './action/baselines.js';
import { keysFromInputs } from './action/keys.js';
import { publish } from './action/publish.js';
import { type Request, readRequest } from './action/request.js';
import { fetchBaseDataset, readSettings } from './action/settings.js';
import { describeSettings } from './config/describe.js';
import { type GitHub, connectGitHub } from './edges/github.js';
import { connectModels } from './edges/connect.js';
import { prepareFolder } from './edges/results.js';
import { readCacheFolder, readHubOptions, runner } from './edges/runner.js';
import { Interrupted, RunError, UsageError, messageOf } from './errors.js';
import { conclude, isRecordable } from './gate/decide.js';
import type { RunResult } from './gate/result.js';
import { type Prepared, prepare } from './prepare.js';
import { listenForSignals } from './interrupt.js';
import { describePace, reportTenths } from './progress.js';
import { reproduceLine } from './report/comment.js';
import { run } from './run.js';
import { code } from './sanitise.js';

/** The Action: settings in, run, publish, exit. The exit code is the last thing that is set. */
async function main(): Promise<number> {
  const request = await readRequest();
  const github = connectGitHub(request);
  const { occasion } = request;
  await checkAccess(github, occasion);
  const file = await readSettings(request, occasion, github);
  const prepared = await prepare({
    file,
    assignments: request.assignments,
    root: request.root,
    keyFor: keysFromInputs(request.inputs, file.targetProvider),
    hub: readHubOptions(request.inputs['hf-token']),
    datasetRoot: (source) => fetchBaseDataset(source, occasion, { root: request.root, github }),
    problems: [...request.problems, ...file.problems],
    hints: file.hints,
  });
  runner.group('Effective configuration', describeSettings(prepared));
  for (const row of prepared.excluded) runner.warn(`Left out: ${row.where}: ${row.message}`);

  await prepareFolder(request.output, request.root);
  const result = await measureOrExplain(request, prepared, github);
  await publish(
    {
      ...result,
      suite: prepared.config.suite,
      maxRise: prepared.config.gate.maxRise,
      deferred: file.deferred,
      policyFromHead: request.policyFromHead && occasion.pullRequest !== undefined,
      reproduce: reproduceLine(request.configPath),
    },
    {
      github,
      folder: request.output,
      ...(occasion.pullRequest && { pullRequest: occasion.pullRequest }),
    },
  );
  return result.decision.exitCode;
}

/** Runs, and turns what keeps a run from its end into a result that can be published: no key, or a refusal. */
async function measureOrExplain(
  { occasion, root }: Request,
  prepared: Prepared,
  github: GitHub,
): Promise<RunResult> {
  const { config, keys, missingKeys } = prepared;
  const { mode, origin } = occasion;
  const [missingKey] = missingKeys;
  if (missingKey) {
    if (!occasion.pullRequest?.isFork) throw new UsageError(missingKeys);
    const reason = { kind: 'no-key', setting: missingKey.where } as const;
    const decision = conclude('not-measured', reason, config.gate);
    return { mode, decision, baseline: { status: 'absent' } };
  }
  const baselines = await openBaselines(config, occasion, { root, github });
  const now = (): Date => new Date();
  const interruption = listenForSignals();
  const { model, readings, close } = connectModels({
    config,
    interruption,
    keys,
    folder: readCacheFolder(),
    now,
    onFailure: (text) => {
      runner.info(`A call failed: ${text}. Further ones of this kind are only counted.`);
    },
  });
  try {
    const onProgress = reportTenths(runner.info, describePace(model, now));
    const result = await run(
      { ...prepared, mode, origin },
      { model, readings, baselines, now, onProgress },
    );
    if (mode === 'record' && result.record && isRecordable(result.decision.verdict)) {
      runner.info(`Baseline recorded: ${await baselines.save(result.record)}`);
    }
    return result;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const decision = conclude('error', { kind: 'run-failed', detail: error.message }, config.gate);
    return { mode, decision, baseline: { status: 'absent' } };
  } finally {
    await close();
    interruption.release();
  }
}

/**
 * A token that may not read the repository gets 404 for everything, which must not pass for "no configuration" or
 * "no baseline".
 */
async function checkAccess(github: GitHub, { baselineCommit }: Request['occasion']): Promise<void> {
  if (/^0+$/.test(baselineCommit) || (await github.hasCommit(baselineCommit))) return;
  throw new RunError(
    `GitHub shows no commit ${baselineCommit}; the job needs the permission contents: read`,
  );
}

/** Explains what was thrown, in the log and in the summary. @returns the exit code */
async function explainFailure(error: unknown): Promise<number> {
  const problems =
    error instanceof UsageError
      ? error.problems.map(({ where, message }) => `${where}: ${message}`)
      : [messageOf(error)];
  for (const problem of problems) runner.error(problem);
  const isUsage = error instanceof UsageError;
  if (!isUsage && error instanceof Error && error.stack) runner.debug(error.stack);
  const list = problems.map((problem) => `- ${code(problem, 400)}`).join('\n');
  const title = isUsage ? 'MASK Gate: ⛔ the settings are wrong' : 'MASK Gate: ⛔ the run failed';
  await runner.writeSummary(`## ${title}\n\n${list}\n`);
  runner.setOutput('verdict', 'error');
  if (error instanceof Interrupted) return error.exitCode;
  return isUsage ? 2 : 4;
}

process.exitCode = await main().catch(explainFailure);
