import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as core from '@actions/core';
import { messageOf } from '../../base/errors.js';
import { jsonText } from '../../base/json.js';
import { logLine } from '../../base/sanitise.js';
import type { HubOptions } from '../dataset/hub.js';

/** The variables of the process: the only reader of `process.env`. */
export function readVariable(name: string): string | undefined {
  return process.env[name];
}

/**
 * The folder for what stays on this machine between runs, where the system has such folders. An empty or relative path
 * counts as none, as in the XDG Base Directory Specification: it would lead into the checkout.
 *
 * @returns undefined where no home is known
 */
export function readCacheFolder(): string | undefined {
  const cache = readVariable('XDG_CACHE_HOME') ?? '';
  if (path.isAbsolute(cache)) return path.join(cache, 'mask-gate');
  const home = readVariable('HOME') ?? readVariable('USERPROFILE') ?? '';
  return path.isAbsolute(home) ? path.join(home, '.cache', 'mask-gate') : undefined;
}

/** Where answers are kept, or a word on why they are not. */
export function openCacheFolder(tell: (text: string) => void): string | undefined {
  const folder = readCacheFolder();
  if (folder === undefined) {
    tell('No answer is kept on this machine: neither XDG_CACHE_HOME nor HOME is an absolute path.');
  }
  return folder;
}

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

/** What an earlier process of this step kept; empty when it kept nothing. */
export function readState(name: string): string {
  return core.getState(name);
}

/** Keeps a value for the process that the runner starts for this step at the end of the job. */
export function saveState(name: string, value: string): void {
  handOver('the state of the step', () => {
    core.saveState(name, value);
  });
}

/** The payload of the event that started the workflow; undefined when there is none or it is no JSON. */
export async function readEventPayload(): Promise<unknown> {
  const file = readVariable('GITHUB_EVENT_PATH');
  if (!file) return undefined;
  const text = await readFile(file, 'utf8').catch(() => '');
  return jsonText.safeParse(text).data;
}

/** Files of the runner that were refused before: each is told once. */
const refused = new Set<string>();

/**
 * Hands something to the runner, which takes it through a file. Where that file is missing or can't be written, the run
 * goes on: its verdict is in the log, and its exit code is set all the same.
 */
function handOver(what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    tellRefused(what, error);
  }
}

function tellRefused(what: string, error: unknown): void {
  if (refused.has(what)) return;
  refused.add(what);
  runner.warn(`The runner did not take ${what}: ${messageOf(error)}`);
}

/** Writes to the log, the summary and the outputs of the step. Log lines are made harmless here. */
export const runner = {
  info: (text: string): void => {
    core.info(logLine(text));
  },
  warn: (text: string): void => {
    core.warning(logLine(text));
  },
  error: (text: string): void => {
    core.error(logLine(text));
  },
  debug: (text: string): void => {
    for (const line of text.split('\n')) core.debug(logLine(line));
  },
  group: (title: string, lines: readonly string[]): void => {
    core.startGroup(logLine(title));
    for (const line of lines) core.info(logLine(line));
    core.endGroup();
  },
  mask: (secret: string): void => {
    if (secret !== '') core.setSecret(secret);
  },
  setOutput: (name: string, value: string): void => {
    handOver('the outputs', () => {
      core.setOutput(name, value);
    });
  },
  writeSummary: async (markdown: string): Promise<void> => {
    try {
      await core.summary.addRaw(markdown, true).write();
    } catch (error) {
      tellRefused('the job summary', error);
    }
  },
};
