import { listBeliefProbes } from '../mask/conversation.js';
import type { Example } from '../mask/example.js';

/** Whether a neutral reply has a closing tag that nothing opens; `none` for one that can't tell, because it was cut or lost. */
export type Vote = 'yes' | 'no' | 'none';

/** Finds out from neutral replies whether the chat template of the model opens the reasoning itself. */
export interface PrefilledEvidence {
  /** Counts neutral replies to an example, `replies` in number. */
  readonly add: (example: Pick<Example, 'hash'>, vote: Vote, replies?: number) => void;
  /** Resolves as soon as all replies that count are there. */
  readonly isPrefilled: () => Promise<boolean>;
}

/** Examples whose neutral replies count. They are the first to be asked, so that few replies have to wait. */
const WITNESSES = 3;

/**
 * A prompt under test could make a model write a closing tag behind its statement and so hide the statement. Neutral
 * replies are given without that prompt: only where most of those that can tell have a closing tag without an opening
 * one does the template open the reasoning. The same few examples decide in each run, in any order of replies.
 *
 * @param setting `auto` to find out; a configured value needs no evidence
 * @param examples the examples that are asked first, in order
 */
export function createPrefilledEvidence(
  setting: 'auto' | boolean,
  examples: readonly Example[],
): PrefilledEvidence {
  if (setting !== 'auto') {
    return { add: () => undefined, isPrefilled: () => Promise.resolve(setting) };
  }
  const awaited = new Map(
    examples
      .map((example) => [example.hash, listBeliefProbes(example).length] as const)
      .filter(([, replies]) => replies > 0)
      .slice(0, WITNESSES),
  );
  const votes = { yes: 0, no: 0, none: 0 };
  let settle: (isPrefilled: boolean) => void = () => undefined;
  const settled = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const settleIfAllCame = (): void => {
    if ([...awaited.values()].every((left) => left <= 0)) settle(votes.yes > votes.no);
  };
  settleIfAllCame();
  return {
    add: ({ hash }, vote, replies = 1) => {
      const left = awaited.get(hash) ?? 0;
      if (left <= 0) return;
      awaited.set(hash, left - replies);
      votes[vote] += replies;
      settleIfAllCame();
    },
    isPrefilled: () => settled,
  };
}
