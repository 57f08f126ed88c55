import { allSamples, isUnasked } from '../mask/sample.js';
import { scoreAll } from './compare.js';
import { isCovered } from './decide.js';
import type { GateRecord } from './records/record.js';

/** Why a record must not be promoted: it holds only a part of what was to be measured. Undefined when it may. */
export function findPartiality(record: GateRecord): string | undefined {
  const { design, examples } = record.measurement;
  if (examples.length < design.examples) {
    return `it stopped early, at ${examples.length} of ${design.examples} examples`;
  }
  if (examples.flatMap(allSamples).some(isUnasked)) return 'its budget was reached before its end';
  return isCovered(scoreAll(record)) ? undefined : 'too few of its examples were measured';
}
