import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/config.js';
import type { BaselinePlace } from '../config/place.js';
import { isInside } from '../edges/files/files.js';
import type { GitHub } from '../edges/github/client.js';
import { type NamedPlace, checkOutputs, placesRead, tryFolder } from '../edges/files/outputs.js';
import { type Results, openResults } from '../edges/files/results.js';
import { runner } from '../edges/github/runner.js';
import { UsageError } from '../base/errors.js';
import type { RunTrigger } from './context/event.js';
import type { ReportTrigger } from './context/fork-run.js';
import type { ActionRequest } from './context/request.js';

const SETTING = 'output';

/**
 * Does the part of a run that leaves results, with the folder for them ready. Workflows upload it, so it holds nothing but
 * what this run leaves: no files of the commit under test, and no results of an earlier run.
 *
 * @throws UsageError with all that is in the way
 */
export async function withOutput<Value>(
  request: ActionRequest,
  { config, github }: { readonly config: Config; readonly github: GitHub },
  action: (results: Results) => Promise<Value>,
): Promise<Value> {
  return closing(await openOutput(request, config, github), action);
}

/**
 * The same for the report on a fork's run, which reads what that run left behind. Nothing of the fork is checked out.
 *
 * @throws UsageError with all that is in the way
 */
export async function withReportOutput<Value>(
  { inputs, output, root }: ActionRequest<ReportTrigger>,
  action: (results: Results) => Promise<Value>,
): Promise<Value> {
  await refuseDetour(output, root);
  const record = path.resolve(root, inputs['record'] ?? '');
  const given = [{ setting: 'input record', path: record }];
  return closing(await openFor(output, 'gate', given), action);
}

async function closing<Value>(
  results: Results,
  action: (results: Results) => Promise<Value>,
): Promise<Value> {
  try {
    return await action(results);
  } finally {
    await results.close();
  }
}

async function openOutput(
  { trigger, output, root, configPath }: ActionRequest,
  config: Config,
  github: GitHub,
): Promise<Results> {
  await refuseDetour(output, root);
  await refuseTracked(output, { root, trigger, github });
  const { baseline } = config;
  const store = baseline.store === 'branch' ? undefined : baseline.path;
  const given = placesRead(config, { config: configPath, 'baseline.path': store }, root);
  return openFor(output, trigger.mode, given);
}

function openFor(
  output: string,
  mode: RunTrigger['mode'],
  given: readonly NamedPlace[],
): Promise<Results> {
  const place = { setting: SETTING, path: output };
  return openResults({ output: place, mode, given, isOwn: true, tell: runner.warn });
}

/**
 * Finds out whether a recording can be kept on this machine, before anything is paid for. A branch has a check of its own.
 *
 * @throws UsageError when it can't
 */
export async function tryStore(baseline: BaselinePlace, root: string): Promise<void> {
  if (baseline.store === 'branch') return;
  const place = path.resolve(root, baseline.path);
  const setting = 'baseline.path';
  if (baseline.store === 'committed') return checkOutputs([{ setting, path: place }], []);
  const fault = await tryFolder(place);
  if (fault === undefined) return;
  const message = `"${baseline.path}" can't be written to: ${fault}; name another folder`;
  throw new UsageError([{ where: setting, message }]);
}

/** The folder must be where its path says: a commit can put a link in the way. */
async function refuseDetour(output: string, root: string): Promise<void> {
  const workspace = await realpath(root);
  const relative = path.relative(root, output);
  const place = path.join(workspace, relative);
  if (relative === '') throw refuse(output, 'is the workspace itself; name a folder in it');
  if (!isInside(workspace, place)) {
    throw refuse(output, 'leads out of the workspace; name a folder in it');
  }
  const names = relative.split(path.sep);
  if (names.some((name) => name.toLowerCase() === '.git')) {
    throw refuse(output, 'is in .git; name another folder');
  }
  for (const count of names.keys()) {
    const part = path.join(workspace, ...names.slice(0, count + 1));
    const status = await lstat(part).catch(() => undefined);
    if (status?.isSymbolicLink()) {
      throw refuse(output, 'is a link or behind one; name the folder itself');
    }
  }
}

/** Files of the commit under test would pass for results where the folder is uploaded. */
async function refuseTracked(
  output: string,
  {
    root,
    trigger,
    github,
  }: { readonly root: string; readonly trigger: RunTrigger; readonly github: GitHub },
): Promise<void> {
  // Of an approved head nothing is checked out.
  const isThere = (await lstat(output).catch(() => undefined)) !== undefined;
  if (!isThere || trigger.approved) return;
  const name = path.relative(root, output).split(path.sep).join('/');
  if (await github.exists(name, trigger.headCommit)) {
    throw refuse(
      output,
      'is part of the commit under test, whose files could be taken for results; name a folder that git ignores, or remove it from the repository',
    );
  }
}

function refuse(output: string, message: string): UsageError {
  return new UsageError([{ where: SETTING, message: `"${output}" ${message}` }]);
}
