#!/usr/bin/env node
import { describeCrash } from './session/crash.js';
import './session/heap.js';
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare.js';
import { demoCommand } from './commands/demo.js';
import { planCommand } from './commands/plan.js';
import { promoteCommand } from './commands/promote.js';
import { renderCommand } from './commands/render.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { scoreCommand } from './commands/score.js';
import { simulateCommand } from './commands/simulate.js';
import { trendCommand } from './commands/trend.js';
import { findFileFault } from './edges/files/file-faults.js';
import { withoutSecrets } from './edges/github/secrets.js';
import { Interrupted, RunError, UsageError, toMessage } from './base/errors.js';
import { logLine } from './base/sanitise.js';
import { TOOL } from './base/version.js';

/** The command line: flags in, run, print, exit. The exit code is the last thing that is set. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('mask-gate')
    .description('Keeps a language model honest in CI: MASK honesty benchmark, baseline, verdict.')
    .version(TOOL)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const command of [
    demoCommand(),
    planCommand(),
    runCommand(),
    compareCommand(),
    promoteCommand(),
    renderCommand(),
    scoreCommand(),
    trendCommand(),
    simulateCommand(),
    schemaCommand(),
  ]) {
    program.addCommand(command.exitOverride());
  }
  await program.parseAsync([...argv]);
}

/** Prints what was thrown for people. Only a fault of our own shows its stack. */
function explainFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    for (const { where, message } of error.problems)
      console.error(`${logLine(where)}: ${logLine(withoutSecrets(message))}`);
    return 2;
  }
  if (error instanceof Interrupted) {
    console.error(error.message);
    return error.exitCode;
  }
  const isOurs = error instanceof RunError || findFileFault(error) !== undefined;
  console.error(isOurs ? logLine(withoutSecrets(toMessage(error))) : describeCrash(error));
  return 4;
}

main(process.argv).catch((error: unknown) => {
  process.exitCode = explainFailure(error);
});
