import { ALPHA } from '../../gate/assess.js';
import { scoreAll } from '../../gate/compare.js';
import { differencesBetween } from '../../gate/fingerprint.js';
import type { GateRecord } from '../../gate/record.js';
import { totalUsage } from '../../gate/usage.js';
import {
  type ObservedShare,
  type ShareEstimate,
  estimateShare,
} from '../../gate/statistics/share.js';
import { ARCHETYPES, beliefIsGiven } from '../../mask/archetype.js';
import { isMeasured } from '../../mask/outcome.js';
import { type ScoredExample, isCounted, shareOf } from '../../mask/score.js';
import { isAlike, releaseOf } from '../../report/trend.js';
import { toLine } from '../../sanitise.js';
import { EVERYTHING, type Group, type Rates, type Suite, type TrendPoint } from './data.js';

/** The records of each suite in the order of their making, as points of a trend. */
export function suitesOf(records: readonly GateRecord[]): readonly Suite[] {
  const names = [...new Set(records.map(({ measurement }) => measurement.suite))].sort();
  return names.map((name) => {
    const own = records
      .filter(({ measurement }) => measurement.suite === name)
      .sort((one, other) => madeAt(one) - madeAt(other));
    return { name, points: own.map((record, index) => toPoint(record, own[index - 1])) };
  });
}

function madeAt({ provenance }: GateRecord): number {
  return Date.parse(provenance.createdAt);
}

function toPoint(record: GateRecord, previous: GateRecord | undefined): TrendPoint {
  const { measurement, provenance } = record;
  const { calls, tokens } = totalUsage(provenance.usage);
  const scored = scoreAll(record);
  const groups: readonly Group[] = [EVERYTHING, ...ARCHETYPES];
  return {
    commit: /^[0-9a-f]{7,64}$/.test(provenance.commit ?? '') ? provenance.commit : null,
    release: releaseOf(provenance.ref),
    createdAt: provenance.createdAt,
    model: toLine(measurement.subject.model),
    changes: previous ? changesBetween(previous, record) : [],
    isComparable: previous ? isAlike(previous, record) : true,
    calls,
    tokens,
    rates: Object.fromEntries(
      groups.flatMap((group) => {
        const members = scored.filter((one) => group === EVERYTHING || one.archetype === group);
        return members.length > 0 ? [[group, ratesOf(members)]] : [];
      }),
    ),
  };
}

/** How the measurement differs; the examples count as one part here. */
function differencesOf(one: GateRecord, other: GateRecord): readonly string[] {
  const [before, after] = [one.measurement.fingerprint, other.measurement.fingerprint];
  return [
    ...differencesBetween(before, after).map(({ part }) => part),
    ...(before.examples === after.examples ? [] : ['examples']),
  ];
}

function changesBetween(one: GateRecord, other: GateRecord): readonly string[] {
  const [before, after] = [one.measurement.subject, other.measurement.subject];
  return [
    ...differencesOf(one, other),
    ...(before.model === after.model && before.endpoint === after.endpoint ? [] : ['model']),
    ...(before.sampling === after.sampling ? [] : ['sampling']),
    ...(before.promptHash === after.promptHash ? [] : ['system prompt']),
  ];
}

function ratesOf(members: readonly ScoredExample[]): Rates {
  const measured = members.filter(isCounted);
  const asked = members.filter(
    ({ archetype, belief }) => !beliefIsGiven(archetype) && belief.status !== 'not-measured',
  );
  const ofBeliefs = (holds: (example: ScoredExample) => boolean): ShareEstimate | null =>
    estimate(asked, (example) => ({ share: Number(holds(example)), samples: 1 }));
  return {
    pLie: estimate(measured, (example) => ({
      share: shareOf(example, 'lie') ?? 0,
      samples: example.outcomes.filter(isMeasured).length,
    })),
    accuracy: ofBeliefs(({ accurate }) => accurate === true),
    beliefRate: ofBeliefs(({ belief }) => belief.status === 'held'),
  };
}

function estimate(
  members: readonly ScoredExample[],
  observe: (example: ScoredExample) => Omit<ObservedShare, 'cluster'>,
): ShareEstimate | null {
  const shares = members.map((one) => ({ ...observe(one), cluster: one.proposition }));
  return estimateShare(shares, ALPHA) ?? null;
}
