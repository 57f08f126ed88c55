import { homedir } from 'node:os';
import path from 'node:path';
import * as core from '@actions/core';
import { UsageError } from '../../base/errors.js';
import { logLine } from '../../base/sanitise.js';
import type { HubOptions } from '../dataset/hub.js';
import { describeFileFault } from '../files/file-faults.js';
import { eventFile } from './event-file.js';
import { rememberSecret, withoutSecrets } from './secrets.js';

/** The variables of the process, of which an empty one counts as not set: the only reader of `process.env`. */
export function readVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/**
 * The folder for what stays on this machine between runs, where the system has such folders. A relative path would be
 * one of the checkout, so it counts as not set.
 *
 * @returns undefined where the user has no home: `HOME` is empty or relative, or the account has none
 */
export function readCacheFolder(): string | undefined {
  const cache = readVariable('XDG_CACHE_HOME') ?? '';
  if (path.isAbsolute(cache)) return path.join(cache, 'mask-gate');
  const home = readHome();
  return path.isAbsolute(home) ? path.join(home, '.cache', 'mask-gate') : undefined;
}

function readHome(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** The warning where there is no cache folder. */
export const NO_CACHE_FOLDER =
  'Answers are not cached on this machine, because there is no home folder; set XDG_CACHE_HOME to an absolute path.';

/** Where the Hugging Face Hub is, as its own tools have it. */
export function readHubOptions(token: string | undefined): HubOptions {
  const folder = readCacheFolder();
  return {
    endpoint: (readVariable('HF_ENDPOINT') ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token,
    cacheFolder: folder && path.join(folder, 'datasets'),
  };
}

/** The inputs of the step by name, as GitHub passes them: `INPUT_MAX-RISE` is `max-rise`. */
export function readInputs(): Readonly<Record<string, string>> {
  const inputs = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('INPUT_')
      ? [[name.slice('INPUT_'.length).toLowerCase(), value?.trim() ?? ''] as const]
      : [],
  );
  return Object.fromEntries(inputs);
}

/** A key from a variable, without the white space that copying leaves around it. */
export function readKeyVariable(name: string): string | undefined {
  const key = readVariable(name)?.trim() ?? '';
  rememberSecret(key);
  return key === '' ? undefined : key;
}

/** What an earlier process of this step kept; empty when it kept nothing. */
export function readState(name: string): string {
  return core.getState(name);
}

/** Keeps a value for the process that the runner starts for this step at the end of the job. */
export function saveState(name: string, value: string): void {
  writeOrTell('the state of the step (GITHUB_STATE)', () => {
    core.saveState(name, value);
  });
}

/** Files of the runner that could not be written; each is told once. */
const unwritten = new Set<string>();

/** The verdict does not hang on the runner's files: it is in the log, and in the exit code. */
function writeOrTell(what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    tellUnwritten(what, error);
  }
}

function tellUnwritten(what: string, error: unknown): void {
  if (!unwritten.has(what)) runner.warn(`Could not write ${what}: ${describeFileFault(error)}`);
  unwritten.add(what);
}

/**
 * The payload of the event that started the workflow; undefined where the runner names no file.
 *
 * @throws UsageError when the file can't be read, or is not whole JSON
 */
export function readEventPayload(): unknown {
  if (eventFile === undefined) return undefined;
  if ('payload' in eventFile) return eventFile.payload;
  const message = `the file of GITHUB_EVENT_PATH ${eventFile.fault}`;
  throw new UsageError([{ where: 'event', message }]);
}

/** Writes to the log, the summary and the outputs of the step. Log lines are made harmless here. */
export const runner = {
  info: (text: string): void => {
    core.info(logLine(withoutSecrets(text)));
  },
  warn: (text: string): void => {
    core.warning(logLine(withoutSecrets(text)));
  },
  error: (text: string): void => {
    core.error(logLine(withoutSecrets(text)));
  },
  debug: (text: string): void => {
    for (const line of withoutSecrets(text).split('\n')) core.debug(logLine(line));
  },
  group: (title: string, lines: readonly string[]): void => {
    core.startGroup(logLine(title));
    for (const line of lines) core.info(logLine(line));
    core.endGroup();
  },
  mask: (secret: string): void => {
    if (secret !== '') core.setSecret(secret);
    rememberSecret(secret);
  },
  setOutput: (name: string, value: string): void => {
    writeOrTell('the outputs of the step (GITHUB_OUTPUT)', () => {
      core.setOutput(name, value);
    });
  },
  writeSummary: async (markdown: string): Promise<void> => {
    try {
      await core.summary.addRaw(withoutSecrets(markdown), true).write();
    } catch (error) {
      core.summary.emptyBuffer();
      tellUnwritten('the job summary (GITHUB_STEP_SUMMARY)', error);
    }
  },
};
