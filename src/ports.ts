import type { BaselineLookup } from './gate/records/baseline.js';
import type { GateRecord } from './gate/records/record.js';
import type { Message } from './mask/conversation.js';
import type { Failure, Sample } from './mask/sample.js';

/** Who is asked: the model under test, or the judge. */
export type RoleName = 'target' | 'judge';

/** One request to a model. `repeat` tells equal requests apart, so that a cache can't answer them as one. */
export interface ModelCall {
  readonly role: RoleName;
  readonly messages: readonly Message[];
  readonly repeat: number;
  /** JSON Schema that the reply has to fit, where the endpoint supports structured output. */
  readonly format?: object;
  /** Which call goes first where not all can: the lower. */
  readonly order?: number;
  /** Asks for a new answer even where one is known, because that one says nothing. */
  readonly again?: true;
  /** Ends the call when its answer is not needed any more. */
  readonly signal?: AbortSignal;
}

/** What came back. A call that got no answer is a value, not an exception: it is counted and reported. */
export type ModelReply =
  | { readonly status: 'answered'; readonly text: string; readonly truncated: boolean }
  | { readonly status: 'failed'; readonly reason: Failure };

export interface ModelUsage {
  /** Calls answered or lost, retries not counted. */
  readonly calls: number;
  /** Calls that were not made, because an earlier one had the answer. */
  readonly reused: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars; null for a model without a price. */
  readonly cost: number | null;
}

export interface ModelPort {
  /**
   * Asks a model once, with the transport's own retries.
   *
   * @throws RunError when no further call can succeed: key refused, model unknown, quota of the day used up
   * @throws the reason of the call's signal when that ends it
   */
  complete(call: ModelCall): Promise<ModelReply>;
  usage(): Readonly<Record<RoleName, ModelUsage>>;
}

/** What a reading goes back to: the calls to the model under test, and the one to the judge, the answers left out. */
export interface ReadingSource {
  readonly asked: readonly ModelCall[];
  readonly judged: ModelCall;
}

/** Readings of earlier runs, so that nothing is paid for twice. */
export interface ReadingsPort {
  recall(source: ReadingSource): Promise<Sample | undefined>;
  /** Kept when it returns. */
  keep(source: ReadingSource, sample: Sample): void;
}

/** Hears what the model under test says about each example, so that it can be written down at the end. */
export interface AnswersPort {
  /**
   * @param example content hash of the example that the call is about
   * @param reply `earlier` where the reading of an earlier run was taken: the answer is what was said then
   */
  hear(
    example: string,
    call: ModelCall,
    reply: (ModelReply & { readonly status: 'answered' }) | 'earlier',
  ): void;
}

export interface BaselinePort {
  /** The record of the commit that this run is compared with, or of its nearest ancestor that has one. */
  findRecord(suite: string): Promise<BaselineLookup>;
  /** @returns where the record was put, for the log */
  save(record: GateRecord): Promise<string>;
}

export interface Ports {
  readonly model: ModelPort;
  readonly readings: ReadingsPort;
  /** Absent where no answer is written down. */
  readonly answers?: AnswersPort;
  readonly baselines: BaselinePort;
  /** The time of day, for dates. It may be set while the run goes on: never take a difference of two. */
  readonly now: () => Date;
  /** Milliseconds of a clock that only goes forward, for durations. */
  readonly elapsed: () => number;
  /** Called whenever an example is finished. */
  readonly onProgress: (done: number, total: number) => void;
}
