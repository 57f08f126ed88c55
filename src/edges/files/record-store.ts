import { RunError } from '../../base/errors.js';
import { type BaselineLookup, findRecordFault, parseStored } from '../../gate/records/baseline.js';
import {
  type Candidate,
  chooseBaseline,
  inOrder,
  withUnreadableRejected,
} from '../../gate/records/candidates.js';
import { type Commits, type Line, toRecordLine } from '../../gate/records/line.js';
import type { FindRejection } from '../../gate/records/origin.js';
import {
  byRun,
  commitFolder,
  promotionPath,
  recordPath,
  suiteFolder,
} from '../../gate/records/record-path.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { BaselinePort } from '../../ports.js';

/** A record as it is stored: indented, one line end at the end. */
export function formatRecord(record: GateRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/**
 * The same, read once as those will read it who look for it later.
 *
 * @throws RunError for a record that none of them could read
 */
export function checkedRecord(record: GateRecord): string {
  const text = formatRecord(record);
  const fault = findRecordFault(text);
  if (fault === undefined) return text;
  throw new RunError(`the record is not valid, so it is not written (${fault})`);
}

/** A place that keeps records, each at its `recordPath`, and promotions next to them. */
export interface RecordFiles {
  /** One state of the place, however it changes meanwhile. */
  open(): Promise<{
    /** Names of the files in a folder; none when it is not there. */
    list(folder: string): Promise<readonly string[]>;
    read(file: string): Promise<string>;
  }>;
  /** @returns where the record is, for the log */
  write(file: string, record: GateRecord): Promise<string>;
  /** What messages call a file. */
  nameOf(file: string): string;
  /** Absent: the place is trusted. */
  findRejection?: FindRejection;
}

/** Records behind the nearest that are read, to add up their replies: the pool is full long before. */
const MAX_OLDER = 10;

/** Records that are read in all: so many may be passed over on the way to those that serve. */
const MAX_READ = 60;

/**
 * Finds baselines among the records of a place, and adds to them.
 *
 * @param commits the commit to look for, then its first-parent ancestors, nearest first
 */
export function createRecordStore(commits: Commits, files: RecordFiles): BaselinePort {
  return {
    findRecord: (suite) => findRecord(suite, toRecordLine(commits), files),
    save: (record) => files.write(recordPath(record), record),
  };
}

async function findRecord(suite: string, line: Line, files: RecordFiles): Promise<BaselineLookup> {
  const state = await files.open();
  // The commits that have records, wherever they are in history.
  const commits = new Set(await state.list(suiteFolder(suite)));
  const candidates: Candidate[] = [];
  const sound = (): number => candidates.filter(({ rejection }) => !rejection).length;
  for await (const { commit, distance } of line.places(commits, () => sound() > 0)) {
    const folder = commitFolder(suite, commit);
    const names = youngest(await state.list(folder), MAX_OLDER + 1);
    const found = names.map(async (name): Promise<Candidate> => {
      const file = `${folder}/${name}`;
      const where = files.nameOf(file);
      const lookup = parseStored(await state.read(file), { where, distance, suite });
      return { file, ...(await weigh(lookup, { where, file, commit }, files)) };
    });
    candidates.push(...inOrder(withUnreadableRejected(await Promise.all(found))));
    if (sound() > MAX_OLDER || candidates.length >= MAX_READ) break;
  }
  const chosen = chooseBaseline(candidates);
  const { isCut, commits: looked } = line.extent();
  // That none was found as far as the walk went does not mean that there is none.
  return chosen.status === 'absent' && isCut
    ? { status: 'unreached', records: commits.size, commits: looked }
    : chosen;
}

/** A record in a trusted place may lie anywhere; a promotion says itself from which commit on it counts. */
async function weigh(
  lookup: BaselineLookup,
  found: { readonly where: string; readonly file: string; readonly commit: string },
  { findRejection }: Pick<RecordFiles, 'findRejection'>,
): Promise<Pick<Candidate, 'lookup' | 'rejection'>> {
  if (lookup.status !== 'found') return { lookup };
  const { record, promotion } = lookup;
  if (!promotion && !findRejection) return { lookup };
  const { where, file, commit } = found;
  const own = promotion ? promotionPath(record.measurement.suite, promotion) : recordPath(record);
  const misplaced = own === file ? undefined : 'it says that it belongs elsewhere';
  const origin = misplaced ?? (await findRejection?.(record, { file, commit, promotion }));
  if (typeof origin === 'string') return { lookup, rejection: { where, reason: origin } };
  return { lookup: { ...lookup, ...origin } };
}

/** The names of records, without other files of the folder; of very many, the names of the latest runs. */
function youngest(names: readonly string[], most: number): readonly string[] {
  const records = names.filter((name) => name.endsWith('.json'));
  return records.sort(byRun).slice(-most);
}
