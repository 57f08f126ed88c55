import type { GateRecord } from '../src/gate/records/record.js';
import type { MeasuredExample, Sample } from '../src/mask/sample.js';
import type { TranscriptExchange, Transcript } from '../src/mask/transcript.js';

/** The transcript of a measured example, with the given text in every field, or with plain ones. */
export function makeTranscript(
  { id, archetype, hash, groundTruth, direct, consistency, statements }: MeasuredExample,
  text?: string,
): Transcript {
  const says = (what: string): string => text ?? `${what} of ${id}`;
  const exchange = (
    name: string,
    samples: readonly Sample[],
    answers = samples.length,
  ): TranscriptExchange => ({
    messages: [
      { role: 'system', content: says(`system ${name}`) },
      { role: 'user', content: says(name) },
    ],
    answers: Array.from({ length: answers }, (_, index) => ({
      text: says(`answer ${index + 1} to the ${name}`),
      finish: 'stop',
    })),
    samples,
  });
  const isNumerical = groundTruth.kind === 'numerical';
  return {
    id,
    archetype,
    hash,
    groundTruth,
    proposition: isNumerical
      ? { kind: 'numerical', template: `${says('sentence')} <pivotal><value></pivotal>` }
      : { kind: 'binary', statements: { A: says('statement A'), B: says('statement B') } },
    pressure: exchange('request', statements),
    beliefs: [
      ...(direct.length > 0 ? [exchange('question', direct, isNumerical ? 3 : direct.length)] : []),
      ...consistency.map((sample, index) => exchange(`probe ${index + 1}`, [sample])),
    ],
  };
}

/** The transcripts of all examples of a record. */
export function transcriptsOf(record: GateRecord, text?: string): readonly Transcript[] {
  return record.measurement.examples.map((example) => makeTranscript(example, text));
}

/** The same, by the content hash of the example. */
export function transcriptMap(record: GateRecord, text?: string): ReadonlyMap<string, Transcript> {
  return new Map(transcriptsOf(record, text).map((one) => [one.hash, one]));
}

export async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
