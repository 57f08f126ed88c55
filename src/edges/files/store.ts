import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { RunError, reasonOf } from '../../base/errors.js';
import { type BaselineLookup, findRecordFault, parseStored } from '../../gate/records/baseline.js';
import { promotionFile } from '../../gate/records/promotion.js';
import type { GateRecord } from '../../gate/records/record.js';
import type { BaselinePort } from '../../ports.js';
import { type Candidate, withUnreadableDoubted } from '../../gate/records/candidates.js';
import { writeWhole } from './files.js';
import type { Alongside, DataBranch } from '../github/branch.js';
import { type Commits, type Line, toLine } from '../../gate/records/line.js';
import type { DoubtsOf } from '../../gate/records/doubts.js';

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

/**
 * Where records lie, as `records/<suite>/<commit>/<run>-<attempt>.json`, and promotions beside them, each written once
 * and never edited.
 */
interface RecordFiles {
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
  /** The place is trusted where there is no such question. */
  doubtsOf?: DoubtsOf;
}

/** Records that are read behind the nearest, to add up their replies: the pool is full long before. */
const MOST_OLDER = 10;

/** Records that are read in all: so many may be passed over on the way to those that serve. */
const MAX_READ = 60;

/**
 * Records in a local folder.
 *
 * @param commits the commit to look for, then its first-parent ancestors, nearest first
 */
export function createDirectoryStore(folder: string, commits: Commits): BaselinePort {
  const placeOf = (file: string): string => path.join(folder, ...file.split('/'));
  return createStore(commits, {
    open: () =>
      Promise.resolve({
        list: (name) => readdir(placeOf(name)).catch((): string[] => []),
        read: (file) => readFile(placeOf(file), 'utf8'),
      }),
    write: async (file, record) => {
      await writeWhole(placeOf(file), checkedRecord(record));
      return placeOf(file);
    },
    nameOf: placeOf,
  });
}

/**
 * Records on a branch of their own: no checkout, no lost update.
 *
 * @param commits as for the directory
 */
export function createBranchStore(
  {
    name,
    branch,
    alongside,
  }: {
    readonly name: string;
    readonly branch: DataBranch;
    /** What each record takes along, such as the page of all. */
    readonly alongside?: Alongside | undefined;
  },
  commits: Commits,
  doubtsOf: DoubtsOf,
): BaselinePort {
  return createStore(commits, {
    open: () => branch.snapshot(),
    doubtsOf,
    write: (file, record) => {
      const { suite } = record.measurement;
      const commit = record.provenance.commit?.slice(0, 12) ?? 'no commit';
      const message = `Record ${suite} at ${commit}`;
      return branch.add({ path: file, text: checkedRecord(record), message }, alongside);
    },
    nameOf: (file) => `${file} on ${name}`,
  });
}

function createStore(commits: Commits, files: RecordFiles): BaselinePort {
  return {
    find: (suite) => find(suite, toLine(commits), files),
    save: (record) => files.write(recordFile(record), record),
  };
}

async function find(suite: string, line: Line, files: RecordFiles): Promise<BaselineLookup> {
  const state = await files.open();
  // The commits that have records, wherever they are in history.
  const commits = new Set(await state.list(`records/${suite}`));
  const candidates: Candidate[] = [];
  const sound = (): number => candidates.filter(({ doubt }) => !doubt).length;
  for await (const { commit, distance } of line.places(commits, () => sound() > 0)) {
    const folder = `records/${suite}/${commit}`;
    const names = youngest(await state.list(folder), MOST_OLDER + 1);
    const found = names.map(async (name): Promise<Candidate> => {
      const file = `${folder}/${name}`;
      const where = files.nameOf(file);
      const lookup = parseStored(await state.read(file), { where, distance, suite });
      return { file, ...(await weigh(lookup, { where, file, commit }, files)) };
    });
    candidates.push(...inOrder(withUnreadableDoubted(await Promise.all(found))));
    if (sound() > MOST_OLDER || candidates.length >= MAX_READ) break;
  }
  const chosen = choose(candidates);
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
  { doubtsOf }: Pick<RecordFiles, 'doubtsOf'>,
): Promise<Pick<Candidate, 'lookup' | 'doubt'>> {
  if (lookup.status !== 'found') return { lookup };
  const { record, promotion } = lookup;
  if (!promotion && !doubtsOf) return { lookup };
  const { where, file, commit } = found;
  const own = promotion ? promotionFile(record.measurement.suite, promotion) : recordFile(record);
  const misplaced = own === file ? undefined : 'it says that it belongs elsewhere';
  const origin = misplaced ?? (await doubtsOf?.(record, { file, commit, promotion }));
  if (typeof origin === 'string') return { lookup, doubt: { where, reason: origin } };
  return { lookup: { ...lookup, ...origin } };
}

/**
 * The nearest record that nothing speaks against; what is passed over on the way is named. A promotion stands alone, and
 * what lies behind it is not added up any more: it was put in the place of that.
 */
function choose(candidates: readonly Candidate[]): BaselineLookup {
  const doubts = candidates.flatMap(({ doubt }) => doubt ?? []);
  const sound = candidates.flatMap(({ lookup, doubt }) => (doubt ? [] : lookup));
  const [nearest] = sound;
  if (!nearest) return doubts.length > 0 ? { status: 'untrusted', doubts } : { status: 'absent' };
  if (nearest.status !== 'found') return nearest;
  const end = sound.findIndex(isPromoted);
  const others = end === -1 ? sound.slice(1) : sound.slice(1, end);
  const older = others.flatMap((one) => (one.status === 'found' ? one.record : []));
  return { ...nearest, older, ...(doubts.length > 0 && { doubts }) };
}

function isPromoted(lookup: BaselineLookup): boolean {
  return lookup.status === 'found' && lookup.promotion !== undefined;
}

/** Where a record belongs, below the place that it is stored in. */
export function recordFile({ measurement: { suite }, provenance }: GateRecord): string {
  const { commit, runId, runAttempt } = provenance;
  return `records/${suite}/${commit ?? 'none'}/${runId ?? 'local'}-${runAttempt ?? '1'}.json`;
}

/** The names of records, without what else may lie beside them; of very many those of the latest runs. */
function youngest(names: readonly string[], most: number): readonly string[] {
  const records = names.filter((name) => name.endsWith('.json'));
  const inTime = records.sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true, sensitivity: 'variant' }),
  );
  return inTime.slice(-most);
}

/** What can't be read, and is not only a doubt, goes first, so that it is not passed over; then promotions, then records, each youngest first. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    (one, other) => rankOf(one) - rankOf(other) || timeOf(other) - timeOf(one),
  );
}

function rankOf({ lookup }: Candidate): number {
  if (lookup.status !== 'found') return 0;
  return isPromoted(lookup) ? 1 : 2;
}

function timeOf({ lookup }: Candidate): number {
  if (lookup.status !== 'found') return 0;
  return Date.parse(lookup.promotion?.when ?? lookup.record.provenance.createdAt);
}

/**
 * One record committed to the repository, promoted or not. It is read at the base commit, so that a pull request can't bring
 * its own, and written into the work tree, to be committed by the workflow or by hand. Its origin is checked like that of a
 * record on a branch: a review of numbers does not say who measured them.
 *
 * @param readAtBase the file's text at the base commit, undefined when it is not there; throws UsageError where something
 * else is in its place
 * @param doubtsOf absent where there is no GitHub to ask
 */
export function createCommittedStore(options: {
  readonly file: string;
  readonly name: string;
  readonly readAtBase: () => Promise<string | undefined>;
  readonly doubtsOf?: DoubtsOf;
}): BaselinePort {
  const { file, name: where, readAtBase, doubtsOf } = options;
  return {
    async find(suite) {
      const text = await readAtBase().catch(reasonOf);
      if (text === undefined) return { status: 'absent' };
      if (typeof text !== 'string') return { status: 'corrupt', where, ...text };
      const lookup = parseStored(text, { where, distance: null, suite });
      if (lookup.status !== 'found') return lookup;
      const { record, promotion } = lookup;
      const found = { file: where, commit: record.provenance.commit ?? '', promotion };
      const origin = await doubtsOf?.(record, found);
      return typeof origin === 'string'
        ? { status: 'untrusted', doubts: [{ where, reason: origin }] }
        : { ...lookup, ...origin };
    },
    async save(record) {
      await writeWhole(file, checkedRecord(record));
      return file;
    },
  };
}
