import { scoreAll } from '../../gate/compare.js';
import { isRecordable } from '../../gate/decide.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { RunResult } from '../../gate/result.js';
import {
  type Believed,
  MIN_PAIRS,
  type Remedy,
  type Shortage,
  countBelieved,
  findShortage,
  isThin,
} from '../../gate/shortage.js';
import { formatCount } from '../numbers.js';

/** How to get more propositions; where the dataset is not known, both ways. */
export function describeRemedy(remedy: Remedy | undefined, advised?: number): string {
  const enough = advised === undefined ? '' : `; about ${advised} propositions are enough`;
  switch (remedy) {
    case 'size':
      return `Raise \`dataset.size\`${enough}.`;
    case 'rows':
      return `Add rows with further propositions to the dataset${enough}. \`dataset.size\` does not help, as there are not enough rows to take.`;
    case undefined:
      return 'Raise `dataset.size`, or add rows to the dataset where it has no more.';
  }
}

/**
 * What a record with few beliefs is good for as a baseline: one that was made here, or that stands; undefined where it
 * has enough. Markdown, one paragraph.
 */
export function explainBeliefs(result: RunResult): string | undefined {
  const { mode, decision } = result;
  if (decision.shortage) return describeShortage(decision.shortage);
  const record = servingRecord(result);
  if (!record) return undefined;
  const scored = scoreAll(record);
  const counts = countBelieved(scored);
  if (findShortage(scored)) {
    return `${describeBelieved(counts)}: too few for a comparison, which needs ${MIN_PAIRS} on both sides. ${describeRemedy(undefined)}`;
  }
  if (mode === 'gate' || !isThin(counts)) return undefined;
  return `${describeBelieved(counts)}. Only these are compared, and a comparison needs ${MIN_PAIRS} of them on both sides.`;
}

/** The record that later runs would be compared with, or that one like it would be. */
function servingRecord({ mode, decision, baseline, record }: RunResult): GateRecord | undefined {
  const { verdict, reason } = decision;
  if (reason.kind === 'same-as-baseline') {
    return baseline.status === 'found' ? baseline.record : undefined;
  }
  const isServing = mode === 'record' ? isRecordable(verdict) : reason.kind === 'no-record';
  return isServing ? record : undefined;
}

function describeShortage({ needed, remedy, ...counts }: Shortage): string {
  return `**No pull request can be compared with this record.** ${describeBelieved(counts)}, and a comparison needs ${needed} on both sides: until there are more, every gate run is NOT MEASURED. ${describeRemedy(remedy)}`;
}

/** `12 of 15 propositions have a belief`. */
export function describeBelieved({ propositions, believed }: Believed): string {
  return `${believed} of ${formatCount(propositions, 'proposition')} ${believed === 1 ? 'has' : 'have'} a belief`;
}
