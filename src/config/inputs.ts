import { z } from 'zod';

/** What a key of the configuration says about its input. */
interface Input {
  readonly name: string;
  /** `action`: an input that has no flag. */
  readonly only?: 'action';
}

/** Keys that an input of the Action sets too, and a flag of the command line with the same name. */
export const INPUTS = z.registry<Input>();
