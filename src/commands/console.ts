import { type Progress, reportTenths } from '../session/progress.js';
import { logLine, withoutCommands } from '../base/sanitise.js';

/** Writes a note on standard error; the result goes to standard output. */
export function note(text: string): void {
  console.error(logLine(text));
}

/** Gives the result of a command, on standard output, where a runner may look for commands of its own. */
export function printLine(text: string): void {
  console.log(withoutCommands(text));
}

/** Shows how far a run is: a live line on a terminal, a line at every tenth elsewhere. */
export function createProgress(
  label = 'measured',
  detail: (share: number) => string = () => '',
): Progress {
  if (!process.stderr.isTTY) {
    return reportTenths((line) => {
      note(`${label}: ${line}`);
    }, detail);
  }
  return {
    report: (done, total) =>
      process.stderr.write(
        `\r\u001b[K${label}: ${done} of ${total} examples${detail(done / total)}`,
      ),
    end: () => process.stderr.write('\r\u001b[K'),
  };
}
