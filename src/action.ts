import './crash.js';
import './heap.js';
import { checkAccess, checkTag } from './action/access.js';
import { confirmApproval, findApproved, headReader, stopWithout } from './action/approval.js';
import { concludeLeftover, isAtEnd, markBeginning, openCheckRun } from './action/check.js';
import { keysFromInputs } from './action/keys.js';
import { measureOrExplain } from './action/measure.js';
import { openOutput } from './action/output.js';
import { applyOverride } from './action/override.js';
import { type PublishTargets, publish } from './action/publish.js';
import { type Request, readAccess, readRequest } from './action/request.js';
import { reportUntrusted } from './action/report.js';
import { type FileSettings, fetchBaseDataset, readSettings } from './action/settings.js';
import type { Config } from './config/config.js';
import { describeSettings, effectiveSettings } from './config/describe.js';
import { type GitHub, connectGitHub } from './edges/github.js';
import type { Results } from './edges/results.js';
import { readHubOptions, runner } from './edges/runner.js';
import { Interrupted, UsageError, messageOf } from './errors.js';
import { underEnforcement } from './gate/waiver.js';
import { type Prepared, type Sources, prepare } from './prepare.js';
import type { ReportPageInput } from './pages/report/input.js';
import { reproduceLine } from './report/comment.js';
import { code } from './sanitise.js';
import { refusePrivateTranscripts } from './transcribing.js';

/** The Action: settings in, run, publish, exit. The exit code is the last thing that is set. */
async function main(): Promise<number> {
  const asked = await readRequest();
  const github = connectGitHub(asked);
  const { occasion } = asked;
  if (occasion.mode === 'report') return reportUntrusted({ ...asked, occasion }, github);
  if (occasion.mode !== 'approval') return measureAndPublish({ ...asked, occasion }, github);
  const found = await findApproved({ ...asked, occasion }, github);
  if ('stopped' in found) return stopWithout(found.stopped);
  return measureAndPublish({ ...asked, occasion: found.approved }, github);
}

async function measureAndPublish(request: Request, github: GitHub): Promise<number> {
  const { occasion } = request;
  await checkAccess(github, occasion);
  await checkTag(github, occasion);
  const reader = headReader(occasion, github);
  const file = await readSettings({ ...request, ...reader }, occasion, github);
  const keyFor = keysFromInputs(request.inputs, file.targetProvider);
  const prepared = await prepare({
    file,
    assignments: request.assignments,
    root: request.root,
    ...reader,
    keyFor,
    hub: readHubOptions(request.inputs['hf-token']),
    datasetRoot: (source) => fetchBaseDataset(source, occasion, { root: request.root, github }),
    problems: [...request.problems, ...file.problems],
    refuse: refusePrivateTranscripts,
    hints: file.hints,
  });
  runner.group('Effective configuration', describeSettings(prepared));
  const { leftOut } = prepared;
  if (leftOut) runner.info(`Left out: ${leftOut.where}: ${leftOut.message}`);
  for (const row of prepared.excluded) runner.warn(`Left out: ${row.where}: ${row.message}`);

  const results = await openOutput(request, prepared.config, github);
  try {
    return await measureInto(results, { request, prepared, file, keyFor }, github);
  } finally {
    await results.close();
  }
}

/** The part of a run that costs money, and what follows from it. */
async function measureInto(
  results: Results,
  { request, prepared, file, keyFor }: Ready,
  github: GitHub,
): Promise<number> {
  const { occasion } = request;
  const check = await openCheckRun(request, prepared.config.suite, github);
  const measured = await measureOrExplain(
    request,
    { prepared, policy: file.policy, keyFor, results, deferred: file.deferred },
    github,
  );
  const moved = await confirmApproval(occasion, github);
  if (moved !== undefined) return stopWithout(moved, check);
  const enforced = underEnforcement(measured, prepared.config.enforce);
  const { config } = prepared;
  const { result, override } = await applyOverride(enforced, occasion, {
    ...request,
    config,
    github,
  });
  const promptPath = prepared.config.target.systemPromptPath;
  return publish(
    {
      ...result,
      ...(measured.search && { search: measured.search }),
      ...(measured.texts && { texts: measured.texts }),
      ...(measured.replacement && { replacement: measured.replacement }),
      ...(override && { override }),
      ...frameOf(request, prepared),
      deferred: file.deferred,
    },
    {
      github,
      results,
      ...commentPlace(occasion, prepared.config),
      ...(check && { check }),
      ...(promptPath !== undefined && { promptPath }),
    },
  );
}

/** A run that has read and checked everything, and asked nothing yet. */
interface Ready {
  readonly request: Request;
  readonly prepared: Prepared;
  readonly file: FileSettings;
  readonly keyFor: Sources['keyFor'];
}

/** What a report says of the run's settings. */
function frameOf(
  { occasion, configPath, policyFromHead }: Request,
  prepared: Prepared,
): Pick<
  ReportPageInput,
  'suite' | 'maxRise' | 'guardLimit' | 'policyFromHead' | 'reproduce' | 'settings'
> {
  const { suite, gate } = prepared.config;
  return {
    suite,
    maxRise: gate.maxRise,
    guardLimit: gate.guardLimit,
    policyFromHead: policyFromHead && occasion.pullRequest !== undefined,
    reproduce: reproduceLine(configPath),
    settings: effectiveSettings(prepared),
  };
}

function commentPlace(
  { pullRequest, headCommit }: Request['occasion'],
  { comment: policy }: Config,
): Pick<PublishTargets, 'comment'> {
  if (!pullRequest || policy === 'never') return {};
  return { comment: { pullRequest: pullRequest.number, headCommit, policy } };
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

/** The runner starts this file twice: for the step itself, and at the end of the job. */
async function start(): Promise<number> {
  if (isAtEnd()) {
    await concludeLeftover(readAccess());
    return 0;
  }
  markBeginning();
  return main().catch(explainFailure);
}

process.exitCode = await start();
