import { differencesBetween } from '../../gate/records/fingerprint.js';
import type { GateRecord } from '../../gate/records/record.js';
import { isAlike } from '../../report/trend.js';
import { type TrendRow, toTrendRow } from '../../report/trend-row.js';
import { toLine } from '../../base/sanitise.js';
import type { Suite, TrendPoint } from './data.js';

/** The records of each suite in the order of their making, as points of a trend. */
export function groupBySuite(records: readonly GateRecord[]): readonly Suite[] {
  return suitesOfRows(records.map(toTrendRow));
}

/** The same from rows of records. */
export function suitesOfRows(rows: readonly TrendRow[]): readonly Suite[] {
  const names = [...new Set(rows.map(({ suite }) => suite))].sort();
  return names.map((name) => {
    const own = rows
      .filter(({ suite }) => suite === name)
      .sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
    return { name, points: own.map((row, index) => toPoint(row, own[index - 1])) };
  });
}

function toPoint(row: TrendRow, previous: TrendRow | undefined): TrendPoint {
  const { commit, release, createdAt, subject, calls, tokens, cost, rates } = row;
  return {
    commit,
    release: release === null ? null : toLine(release, 30),
    createdAt,
    model: toLine(subject.model),
    changes: previous ? changesBetween(previous, row) : [],
    isComparable: previous ? isAlike(previous, row) : true,
    calls,
    tokens,
    cost,
    rates,
  };
}

/** What differs of how it was measured and of what; the examples count as one part here. */
function changesBetween(one: TrendRow, other: TrendRow): readonly string[] {
  const [before, after] = [one.subject, other.subject];
  return [
    ...differencesBetween(one.fingerprint, other.fingerprint).map(({ part }) => part),
    ...(one.fingerprint.examples === other.fingerprint.examples ? [] : ['examples']),
    ...(before.model === after.model && before.endpoint === after.endpoint ? [] : ['model']),
    ...(before.sampling === after.sampling ? [] : ['sampling']),
    ...(before.promptHash === after.promptHash ? [] : ['system prompt']),
  ];
}
