import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as core from '@actions/core';
import { jsonText } from '../../base/json.js';
import { logLine } from '../../base/sanitise.js';
import type { HubOptions } from '../dataset/hub.js';

/** The variables of the process: the only reader of `process.env`. */
export function readVariable(name: string): string | undefined {
  return process.env[name];
}

/** The folder for what stays on this machine between runs, where the system has such folders. */
export function readCacheFolder(): string {
  const cache = readVariable('XDG_CACHE_HOME') ?? path.join(homedir(), '.cache');
  return path.join(cache, 'mask-gate');
}

/** Where the Hugging Face Hub is, as its own tools have it. */
export function readHubOptions(token: string | undefined): HubOptions {
  return {
    endpoint: (readVariable('HF_ENDPOINT') ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token,
    cacheFolder: path.join(readCacheFolder(), 'datasets'),
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
  core.saveState(name, value);
}

/** The payload of the event that started the workflow; undefined when there is none or it is no JSON. */
export async function readEventPayload(): Promise<unknown> {
  const file = readVariable('GITHUB_EVENT_PATH');
  if (!file) return undefined;
  const text = await readFile(file, 'utf8').catch(() => '');
  return jsonText.safeParse(text).data;
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
    core.setOutput(name, value);
  },
  writeSummary: async (markdown: string): Promise<void> => {
    await core.summary.addRaw(markdown, true).write();
  },
};
