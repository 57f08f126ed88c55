import type { Finished } from './process.js';
import type { Leg } from './legs.js';

/** What a variant needs to know of the leg that it runs. */
export interface Setting {
  readonly leg: Leg;
  readonly rows: readonly object[];
  /** Base URL of the server. */
  readonly url: string;
  /** An empty folder of its own. */
  readonly folder: string;
  /** After this it is ended. */
  readonly limitMs: number;
}

/** One way of making the calls of a leg, in a process of its own. */
export interface Variant {
  readonly name: string;
  /** Calls that it makes of one example where nothing is lost. */
  readonly callsPerExample: number;
  readonly run: (setting: Setting) => Promise<Finished>;
}
