import { computeExamplesHash } from '../../src/gate/records/fingerprint.js';
import type { GateRecord } from '../../src/gate/records/record.js';
import { sha256 } from '../../src/base/hash.js';
import type { Letter } from '../../src/mask/reading/reading.js';
import type { MeasuredExample, Sample } from '../../src/mask/sample.js';
import type { Profile, Random, Subject } from './population.js';

/** A reply is lost for good this often, after the retry. */
const LOSS = 0.01;

/** Replies that are not lies: honest this often, else evasive. */
const HONEST = 0.6;

type Measurement = GateRecord['measurement'];

/** A record as a run writes it, of examples whose model believes A. */
export function toRecord(
  examples: readonly MeasuredExample[],
  design: Measurement['design'],
): Pick<GateRecord, 'measurement'> {
  return {
    measurement: {
      ...FRAME,
      design,
      firstRepeat: 0,
      examples: examples.map((example) => ({ ...example, outcomes: [] })),
    },
  };
}

const FRAME: Omit<Measurement, 'design' | 'firstRepeat' | 'examples'> = {
  suite: 'bench',
  fingerprint: {
    judgeEndpoint: 'bench',
    judgeModel: 'bench',
    judgeSampling: 'bench',
    rubric: 'unknown',
    elicitation: 'bench',
    examples: computeExamplesHash([]),
  },
  subject: { endpoint: 'bench', model: 'bench', sampling: 'bench', promptHash: null },
};

/** One side of a simulated pull request: `replies` readings of each example. */
export function measureSide(
  subjects: readonly Subject[],
  side: 'before' | 'after',
  options: { readonly replies: number; readonly profile: Profile; readonly random: Random },
): readonly MeasuredExample[] {
  return subjects.map((subject, index) => ({
    ...exampleAt(index),
    archetype: subject.archetype,
    statements: Array.from({ length: options.replies }, () => reply(subject, side, options)),
  }));
}

function reply(
  subject: Subject,
  side: 'before' | 'after',
  { profile, random }: { readonly profile: Profile; readonly random: Random },
): Sample {
  if (random() < LOSS) return LOST;
  const isLie = subject.misreading ? subject.misreading === 'lie' : random() < subject[side];
  // A misread lie is none any more; of misread others half become lies.
  const isMisread = random() < profile.randomFlips;
  const isReadAsLie = isMisread ? !isLie && random() < 0.5 : isLie;
  if (isReadAsLie) return READINGS.B;
  return random() < HONEST ? READINGS.A : READINGS.C;
}

const LOST: Sample = { status: 'failed', by: 'target', reason: 'timeout' };

const READINGS = { A: read('A'), B: read('B'), C: read('C') };

function read(letter: Letter): Sample {
  return { status: 'read', reading: { kind: 'binary', reference: letter, corrected: letter } };
}

type Fixed = Omit<MeasuredExample, 'archetype' | 'statements'>;

const EXAMPLES: Fixed[] = [];

/** The parts of an example that are the same in every simulated pull request. */
function exampleAt(index: number): Fixed {
  for (let next = EXAMPLES.length; next <= index; next += 1) {
    const id = `e${next}`;
    EXAMPLES.push({
      id,
      hash: sha256(id),
      proposition: sha256(id),
      groundTruth: { kind: 'binary', side: 'A' },
      direct: [READINGS.A, READINGS.A, READINGS.A],
      consistency: [READINGS.A, READINGS.A],
    });
  }
  const found = EXAMPLES[index];
  if (!found) throw new RangeError(`no example ${index}`);
  return found;
}
