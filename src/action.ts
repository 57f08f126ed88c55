import './session/crash.js';
import './session/heap.js';
import './edges/github/event-file.js';
import { checkAccess, checkTag } from './action/context/access.js';
import { STOPPED, findApproved, createHeadReader, abortWithoutVerdict } from './action/approval.js';
import { concludeLeftover, isAtEnd, markBeginning, openCheckRun } from './action/check.js';
import { fetchDataset } from './action/context/dataset.js';
import { findFirstDay } from './action/context/first-day.js';
import { describeCommentPlace, toFrame } from './action/frame.js';
import { keysFromInputs } from './action/context/keys.js';
import { measureOrExplain } from './action/measure.js';
import { withOutput } from './action/output.js';
import { findOtherPrompt, withoutGreen } from './action/context/other-prompt.js';
import { applyOverride } from './action/override.js';
import { confirmPinned, pinPullRequest } from './action/pin.js';
import { publish } from './action/publish.js';
import { endClosed, repeatVerdict } from './action/repeat.js';
import { type ActionRequest, readAccess, readRequest } from './action/context/request.js';
import { reportUntrusted } from './action/report.js';
import { type FileSettings, readSettings } from './action/context/settings.js';
import { type InForce, findStanding, leaveMark } from './action/standing.js';
import { describeSettings, effectiveSettings } from './config/describe.js';
import type { Tree } from './config/tree.js';
import { type GitHub, connectGitHub } from './edges/github/client.js';
import type { Results } from './edges/files/results.js';
import { readHubOptions, runner } from './edges/github/runner.js';
import { Interrupted, UsageError, toMessage } from './base/errors.js';
import type { Decision } from './gate/decide.js';
import { underEnforcement } from './gate/waiver.js';
import { type Prepared, type Sources, prepare } from './session/prepare.js';
import { code } from './base/sanitise.js';
import { refusePrivateTranscripts } from './session/transcribing.js';

/** The Action: settings in, run, publish, exit. The exit code is the last thing that is set. */
async function main(): Promise<number> {
  const asked = readRequest();
  const github = connectGitHub(asked);
  const { trigger } = asked;
  if (trigger.mode === 'report') return reportUntrusted({ ...asked, trigger }, github);
  if (trigger.mode !== 'approval') return measureAndPublish({ ...asked, trigger }, github);
  const found = await findApproved({ ...asked, trigger }, github);
  if ('stopped' in found) return abortWithoutVerdict(found.stopped);
  return measureAndPublish({ ...asked, trigger: found.approved }, github);
}

async function measureAndPublish(asked: ActionRequest, github: GitHub): Promise<number> {
  if (asked.trigger.pullRequest?.aside === 'merged') return endClosed();
  await checkAccess(github, asked.trigger);
  await checkTag(github, asked.trigger);
  const place = await pinPullRequest(asked.trigger, { root: asked.root, github });
  if ('stopped' in place) return abortWithoutVerdict(place.stopped);
  const request = { ...asked, trigger: place.pinned };
  const { trigger } = request;
  const reader = createHeadReader(trigger, github);
  const file = await readSettings({ ...request, ...reader }, trigger, github);
  const { firstDay } = file;
  if (firstDay) return publishFirstDay(request, { ...file, firstDay }, github);
  const keyFor = keysFromInputs(request.inputs, file.targetProvider);
  const prepared = await prepare({
    file,
    assignments: request.assignments,
    root: request.root,
    ...reader,
    keyFor,
    hub: readHubOptions(request.inputs['hf-token']),
    datasetPlace: (source) => fetchDataset(source, { ...request, github }),
    problems: [...request.problems, ...file.problems],
    refuse: refusePrivateTranscripts,
    hints: file.hints,
  });
  const { config } = prepared;
  const inForce: InForce = { ...config, file };
  const standing = await findStanding(request, inForce, github);
  if (standing) return repeatVerdict(standing, trigger, config);
  if (trigger.pullRequest?.aside === 'closed') return endClosed(config.gate);
  runner.group('Effective configuration', describeSettings(prepared, 'verbose'));
  const { leftOut } = prepared;
  if (leftOut) runner.info(`Left out: ${leftOut.where}: ${leftOut.message}`);
  for (const row of prepared.excluded) runner.warn(`Left out: ${row.where}: ${row.message}`);
  const published = await withOutput(request, { config, github }, (results) =>
    measureInto(results, request, { file, prepared, keyFor }, github),
  );
  if (!published) return STOPPED;
  const { decision, exitCode } = published;
  if (exitCode === decision.exitCode) leaveMark(request, inForce, decision);
  return exitCode;
}

/** The part of a run that costs money, and what follows from it. @returns undefined where nothing may be published any more */
async function measureInto(
  results: Results,
  request: ActionRequest,
  { file, prepared, keyFor }: PreparedRun,
  github: GitHub,
): Promise<PublishedRun | undefined> {
  const { trigger } = request;
  const { config } = prepared;
  const check = await openCheckRun(request, config.suite, github);
  const measured = await measureOrExplain(
    request,
    { prepared, policy: file.policy, keyFor, results, deferred: file.deferred },
    github,
  );
  const moved = await confirmPinned(trigger, github);
  if (moved !== undefined) {
    await abortWithoutVerdict(moved, check);
    return undefined;
  }
  const otherPrompt = findOtherPrompt(request, file, config);
  const shown = otherPrompt ? withoutGreen(measured) : measured;
  const enforced = underEnforcement(shown, config.enforce);
  const { result, override } = await applyOverride(enforced, trigger, {
    ...request,
    config,
    github,
  });
  const promptPath = config.target.systemPromptPath;
  const exitCode = await publish(
    {
      ...result,
      ...(measured.search && { search: measured.search }),
      ...(measured.texts && { texts: measured.texts }),
      ...(measured.replacement && { replacement: measured.replacement }),
      ...(override && { override }),
      ...(otherPrompt && { otherPrompt }),
      ...toFrame(request, config),
      settings: effectiveSettings(prepared),
      deferred: file.deferred,
    },
    {
      github,
      results,
      ...describeCommentPlace(trigger, config),
      ...(check && { check }),
      ...(promptPath !== undefined && { promptPath }),
    },
  );
  return { decision: result.decision, exitCode };
}

/** What was decided, and how the process ends: with another code where a recording could not be written. */
interface PublishedRun {
  readonly decision: Decision;
  readonly exitCode: number;
}

/** A run that has read and checked everything, and asked nothing yet. */
interface PreparedRun {
  readonly file: FileSettings;
  readonly prepared: Prepared;
  readonly keyFor: Sources['keyFor'];
}

/** Says what the first day is like, where the base has no configuration yet. */
async function publishFirstDay(
  request: ActionRequest,
  file: FileSettings & { readonly firstDay: Tree },
  github: GitHub,
): Promise<number> {
  if (request.problems.length > 0) throw new UsageError(request.problems);
  const { trigger } = request;
  const { config, result } = await findFirstDay(request, file, github);
  return withOutput(request, { config, github }, async (results) => {
    const check = await openCheckRun(request, config.suite, github);
    return publish(
      { ...result, ...toFrame(request, config), deferred: [] },
      { github, results, ...describeCommentPlace(trigger, config), ...(check && { check }) },
    );
  });
}

/** Explains what was thrown, in the log and in the summary. @returns the exit code */
async function explainFailure(error: unknown): Promise<number> {
  const problems =
    error instanceof UsageError
      ? error.problems.map(({ where, message }) => `${where}: ${message}`)
      : [toMessage(error)];
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
