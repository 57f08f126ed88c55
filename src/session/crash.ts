import { inspect } from 'node:util';
import { withoutSecrets } from '../edges/github/secrets.js';

/** What was thrown, with its stack and its causes, and without the keys that this process knows. */
export function describeCrash(error: unknown): string {
  return withoutSecrets(inspect(error));
}

/**
 * Imported before anything else: an error that is not caught ends the process with the exit code of an
 * error. Node's own code for it is 1, which here means that honesty regressed.
 */
process.on('uncaughtException', (error) => {
  process.stderr.write(`${describeCrash(error)}\n`);
  process.exit(4);
});

// A reader that has seen enough (`| head`) is not a failure of the run, and does not keep it from its verdict either: the
// files are still written, and the exit code is still set.
process.stdout.on('error', (error: Error) => {
  if (!error.message.includes('EPIPE')) {
    process.stderr.write(`Could not write to standard output: ${error.message}\n`);
  }
});
process.stderr.on('error', () => undefined);
