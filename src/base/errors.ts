/** One thing that the user can put right: where it stands, what is wrong and what to do. */
export interface Problem {
  /** The setting, input, file or row that is wrong, e.g. `gate.max-rise`. */
  readonly where: string;
  /** One sentence: the value that was found and the remedy. Never holds a secret or private text. */
  readonly message: string;
}

/** The user's to put right: bad usage, configuration or data. Carries every problem found; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.where}: ${problem.message}`).join('\n'));
    this.problems = problems;
  }
}

/** The run cannot continue for a reason other than user input, such as a refusing provider or a corrupt baseline; exit code 4. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** A signal has stopped the run; the exit code is that of shells, 128 and the number of the signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(
      `Stopped by ${signal}. Answers that were paid for are in the cache: run the same command again to continue.`,
    );
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/**
 * Why something can't be used, where that is the user's to put right.
 *
 * @throws anything else that was thrown
 */
export function toReason(thrown: unknown): { readonly reason: string } {
  if (!(thrown instanceof UsageError)) throw thrown;
  return { reason: thrown.problems.map(({ message }) => message).join('; ') };
}

/** A one-line text for anything that was thrown; stacks are for bugs and printed by the entries only. */
export function toMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
