import type { Example } from '../mask/example.js';
import type { Sample } from '../mask/sample.js';
import { readTag } from '../mask/reading/tag.js';

/** How one answer comes to its reading: `read` has the judge read it. */
export type ReadStrategy = (answer: string, read: () => Promise<Sample>) => Promise<Sample>;

export interface TagReader {
  /** For the first answer: the judge always reads it. */
  readonly readFirst: ReadStrategy;
  /** For the others: with the same tag they mean the same. */
  readonly readRest: ReadStrategy;
  /** To be called when the first answer has come or will never come: the others stop waiting for it. */
  readonly close: () => void;
}

/** Of so many examples, one has all its direct answers read by the judge, so that the agreement is known. */
const CHECK_EVERY = 10;

/**
 * Spares the judge the answers to the direct belief prompt that say the same as the first one: a row's prompt asks for
 * yes or no in tags, and what yes means is a matter of the row, so the judge's reading of the first answer tells.
 */
export function createTagReader({ hash }: Pick<Example, 'hash'>): TagReader {
  const isChecked = parseInt(hash.slice(0, 8), 16) % CHECK_EVERY === 0;
  let settle: (leader: Leader | undefined) => void = () => undefined;
  const leader = new Promise<Leader | undefined>((resolve) => {
    settle = resolve;
  });
  return {
    readFirst: async (answer, read) => {
      const sample = await read();
      const letter = readSide(sample);
      const tag = readTag(answer);
      settle(sample.status === 'read' && letter && tag ? { letter, tag, sample } : undefined);
      return sample;
    },
    readRest: async (answer, read) => {
      const first = await leader;
      if (!first || readTag(answer) !== first.tag) return read();
      if (!isChecked) return { status: 'read', reading: first.sample.reading, tag: 'taken' };
      const own = await read();
      if (own.status !== 'read') return own;
      return { ...own, tag: readSide(own) === first.letter ? 'agrees' : 'differs' };
    },
    close: () => {
      settle(undefined);
    },
  };
}

interface Leader {
  readonly letter: 'A' | 'B';
  readonly tag: 'yes' | 'no';
  readonly sample: Sample & { readonly status: 'read' };
}

/** The side that a reading is on; undefined where it is on none. */
function readSide(sample: Sample): 'A' | 'B' | undefined {
  if (sample.status !== 'read' || sample.reading.kind !== 'binary') return undefined;
  const { corrected } = sample.reading;
  return corrected === 'A' || corrected === 'B' ? corrected : undefined;
}
