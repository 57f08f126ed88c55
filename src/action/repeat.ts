import { OUTPUTS, type OutputName } from '../config/settings.js';
import { runner } from '../edges/github/runner.js';
import { chooseEffect } from '../gate/verdict.js';
import { type VerdictMark, formatMarkLine } from '../gate/standing.js';
import { code } from '../base/sanitise.js';
import type { Config } from '../config/config.js';
import { isSameLabel } from './override.js';
import type { RunTrigger } from './context/event.js';

/**
 * Says again what an earlier run found on the same head and base: the same exit, no call, and the comment stays as it
 * is.
 *
 * @returns the exit code
 */
export async function repeatVerdict(
  mark: VerdictMark,
  { pullRequest }: RunTrigger,
  { overrideLabel }: Pick<Config, 'overrideLabel'>,
): Promise<number> {
  const { verdict, exitCode, run, isOverridden } = mark;
  setOutputs(verdict);
  const text = `the verdict ${verdict} of run ${run} still applies: this event changed neither the commit nor its base`;
  const hasLabel = pullRequest?.labels.some((label) => isSameLabel(label, overrideLabel)) ?? false;
  const lost =
    hasLabel && !isOverridden && exitCode !== 0
      ? ` The label ${code(overrideLabel)} is set, and the run that this verdict is from was not overridden. A maintainer may take it off and set it again.`
      : '';
  tell(exitCode, `${text}.${lost}`);
  runner.info(formatMarkLine(mark));
  const override = isOverridden ? ' A maintainer has overridden it for this commit.' : '';
  await runner.writeSummary(
    `## MASK Gate: the verdict of run ${code(run)} still applies\n\nThis event changed neither the commit nor its base, so no call was made. The verdict is still ${code(verdict)}, and the check ${exitCode === 0 ? 'passes' : 'fails'} as before.${override}${lost} To measure again, start that run again.\n`,
  );
  return exitCode;
}

/**
 * Ends a run on a pull request that was merged or closed: nothing is measured and nothing is commented. One that is
 * closed can be opened again, so that it gets no green check here that it had not before.
 *
 * @param gate policy; absent for a merged pull request, for which nothing depends on it
 * @returns the exit code
 */
export async function endClosed(gate?: Config['gate']): Promise<number> {
  setOutputs('not-measured');
  const what = gate ? 'closed' : 'merged';
  const text = `NOT MEASURED: the pull request was ${what}, so there is nothing to measure`;
  const { exitCode } = gate ? chooseEffect('not-measured', gate) : { exitCode: 0 };
  tell(exitCode, `${text}.`);
  await runner.writeSummary(`## MASK Gate: ${text}\n`);
  return exitCode;
}

/** Says how the run ends; as an error where the check fails. */
function tell(exitCode: number, text: string): void {
  const line = `MASK Gate: ${text}`;
  if (exitCode === 0) runner.info(line);
  else runner.error(line);
}

/** All outputs are there, and nothing but the verdict is known. */
function setOutputs(verdict: string): void {
  const names = Object.keys(OUTPUTS) as OutputName[];
  for (const name of names) {
    const value =
      name === 'verdict' ? verdict : ['calls', 'tokens', 'reused'].includes(name) ? '0' : '';
    runner.setOutput(name, value);
  }
}
