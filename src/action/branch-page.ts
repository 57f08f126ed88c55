import type { Alongside, NewFile } from '../edges/github/branch.js';
import type { Snapshot } from '../edges/github/snapshot.js';
import { toMessage } from '../base/errors.js';
import { parseBaseline } from '../gate/records/baseline.js';
import { type BranchTrend, TREND_FILE, branchFiles } from '../pages/trend/branch.js';
import { chooseRecords, parseTrendFile } from '../report/trend-file.js';
import { type TrendRow, toTrendRow } from '../report/trend-row.js';
import { RECORDS_FOLDER, recordPath } from '../gate/records/record-path.js';

/** Maximum number of other records that one recording reads for the page: each takes a request. */
const MAX_READ = 50;

/** A record as a row; undefined for a file that is not a record, or not the record of that path. */
type ReadTrendRow = (file: string) => Promise<TrendRow | undefined>;

/**
 * The trend page, charts and badges of a data branch, made with each record that is added. Rows of earlier records
 * are kept on the branch; those that are not there yet are made from the records themselves.
 *
 * @param warn is told why the page was not written; the record is, all the same
 */
export function branchPage(repository: string | null, warn: (text: string) => void): Alongside {
  // Records never change, so what was read for a lost attempt serves the next one.
  const known = new Map<string, TrendRow | undefined>();
  const leftOut = (reason: string): void => {
    warn(
      `The trend page of the data branch was not updated. The record itself was saved. Reason: ${reason}`,
    );
  };
  return {
    make: async (state, added) => {
      try {
        const read = memoize(known, (file) => readRow(state, added, file));
        return branchFiles(await bringUpToDate(state, added, read), repository);
      } catch (error) {
        leftOut(toMessage(error));
        return new Map();
      }
    },
    leftOut,
  };
}

async function bringUpToDate(
  state: Snapshot,
  added: NewFile,
  read: ReadTrendRow,
): Promise<BranchTrend> {
  const { chosen, older } = chooseRecords([...(await state.files(RECORDS_FOLDER)), added.path]);
  const isThere = (await state.list('')).includes(TREND_FILE);
  const before = parseTrendFile(isThere ? await state.read(TREND_FILE) : undefined);
  const rows = new Map<string, TrendRow>();
  const unreadable = new Set<string>();
  const unknown: string[] = [];
  for (const file of chosen) {
    const row = before.rows.get(file);
    if (row && file !== added.path) rows.set(file, row);
    else if (before.unreadable.has(file)) unreadable.add(file);
    else unknown.push(file);
  }
  const own = unknown.filter((file) => file === added.path);
  const others = unknown.filter((file) => file !== added.path);
  const now = [...own, ...others.slice(0, MAX_READ)];
  for (const file of now) {
    const row = await read(file);
    if (row) rows.set(file, row);
    else unreadable.add(file);
  }
  return { rows, unreadable, older, waiting: unknown.length - now.length };
}

function memoize(known: Map<string, TrendRow | undefined>, read: ReadTrendRow): ReadTrendRow {
  return async (file) => {
    if (!known.has(file)) known.set(file, await read(file));
    return known.get(file);
  };
}

async function readRow(
  state: Snapshot,
  added: NewFile,
  file: string,
): Promise<TrendRow | undefined> {
  const text = file === added.path ? added.text : await state.read(file);
  const lookup = parseBaseline(text, { where: file, distance: null });
  return lookup.status === 'found' && recordPath(lookup.record) === file
    ? toTrendRow(lookup.record)
    : undefined;
}
