import { jest } from '@jest/globals';
import { type Command, CommanderError } from 'commander';
import { RunError, UsageError } from '../../src/base/errors.js';

/** The result of a command, as its process would show it. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in this process, in a folder, with the messages of src/cli.ts for errors in user
 * input. An internal error is thrown on.
 */
export async function runCommandLine(
  command: Command,
  args: readonly string[],
  folder: string,
): Promise<Ended> {
  const lines: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text) => {
      lines.stdout += `${String(text)}\n`;
    }),
    jest.spyOn(console, 'error').mockImplementation((text) => {
      lines.stderr += `${String(text)}\n`;
    }),
  ];
  const before = { folder: process.cwd(), exitCode: process.exitCode };
  process.chdir(folder);
  process.exitCode = 0;
  command.exitOverride().configureOutput({ writeErr: (text) => (lines.stderr += text) });
  try {
    await command.parseAsync(['node', command.name(), ...args]);
    return { code: process.exitCode, ...lines };
  } catch (error) {
    return { code: explain(error, (text) => (lines.stderr += `${text}\n`)), ...lines };
  } finally {
    process.chdir(before.folder);
    process.exitCode = before.exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}

function explain(error: unknown, tell: (text: string) => void): number {
  if (error instanceof CommanderError) return 2;
  if (error instanceof RunError) {
    tell(error.message);
    return 4;
  }
  if (!(error instanceof UsageError)) throw error;
  for (const { where, message } of error.problems) tell(`${where}: ${message}`);
  return 2;
}
