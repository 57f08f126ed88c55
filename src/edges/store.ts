import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type BaselineLookup, type Doubt, parseBaseline } from '../gate/baseline.js';
import type { GateRecord } from '../gate/record.js';
import type { BaselinePort } from '../ports.js';
import { writeWhole } from './files.js';
import type { Alongside, DataBranch } from './github/branch.js';

/** A record as it is stored: indented, one line end at the end. */
export function formatRecord(record: GateRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** Where records lie, as `records/<suite>/<commit>/<run>-<attempt>.json`, each written once and never edited. */
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
  /** Why a record that was found under a commit may not serve; the place is trusted where there is no such question. */
  doubtsOf?(record: GateRecord, commit: string): Promise<string | undefined>;
}

/** Records that are read behind the nearest, to add up their replies: the pool is full long before. */
const MOST_OLDER = 10;

/**
 * Records in a local folder.
 *
 * @param commits the commit to look for, then its first-parent ancestors, nearest first
 */
export function createDirectoryStore(folder: string, commits: readonly string[]): BaselinePort {
  const placeOf = (file: string): string => path.join(folder, ...file.split('/'));
  return createStore(commits, {
    open: () =>
      Promise.resolve({
        list: (name) => readdir(placeOf(name)).catch((): string[] => []),
        read: (file) => readFile(placeOf(file), 'utf8'),
      }),
    write: async (file, record) => {
      await writeWhole(placeOf(file), formatRecord(record));
      return placeOf(file);
    },
    nameOf: placeOf,
  });
}

/**
 * Records on a branch of their own: no checkout, no lost update.
 *
 * @param commits as for the directory
 * @param doubtsOf why a record that was found under a commit may not serve, if it may not
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
  commits: readonly string[],
  doubtsOf: (record: GateRecord, commit: string) => Promise<string | undefined>,
): BaselinePort {
  return createStore(commits, {
    open: () => branch.snapshot(),
    doubtsOf,
    write: (file, record) => {
      const { suite } = record.measurement;
      const commit = record.provenance.commit?.slice(0, 12) ?? 'no commit';
      const message = `Record ${suite} at ${commit}`;
      return branch.add({ path: file, text: formatRecord(record), message }, alongside);
    },
    nameOf: (file) => `${file} on ${name}`,
  });
}

function createStore(commits: readonly string[], files: RecordFiles): BaselinePort {
  return {
    find: async (suite) => choose(await readRecords(suite, commits, files)),
    save: (record) => files.write(recordFile(record), record),
  };
}

/** A file that was found, read, and doubted where there is reason to. */
interface Candidate {
  readonly lookup: BaselineLookup;
  readonly doubt?: Doubt;
}

/** The candidates along the line: nearest commit first, youngest first on each. */
async function readRecords(
  suite: string,
  commits: readonly string[],
  files: RecordFiles,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  const state = await files.open();
  for (const [distance, commit] of commits.entries()) {
    if (candidates.length > MOST_OLDER) break;
    const folder = `records/${suite}/${commit}`;
    const names = youngest(await state.list(folder), MOST_OLDER + 1);
    const found = names.map(async (name): Promise<Candidate> => {
      const file = `${folder}/${name}`;
      const where = files.nameOf(file);
      const lookup = parseBaseline(await state.read(file), { where, distance, suite });
      if (lookup.status !== 'found' || !files.doubtsOf) return { lookup };
      const reason =
        recordFile(lookup.record) === file
          ? await files.doubtsOf(lookup.record, commit)
          : 'it says that it belongs elsewhere';
      return reason === undefined ? { lookup } : { lookup, doubt: { where, reason } };
    });
    candidates.push(...inOrder(await Promise.all(found)));
  }
  return candidates;
}

/** The nearest record that nothing speaks against; what is passed over on the way is named. */
function choose(candidates: readonly Candidate[]): BaselineLookup {
  const doubts = candidates.flatMap(({ doubt }) => doubt ?? []);
  const sound = candidates.flatMap(({ lookup, doubt }) => (doubt ? [] : lookup));
  const [nearest, ...others] = sound;
  if (!nearest) return doubts.length > 0 ? { status: 'untrusted', doubts } : { status: 'absent' };
  if (nearest.status !== 'found') return nearest;
  const older = others.flatMap((one) => (one.status === 'found' ? one.record : []));
  return { ...nearest, older, ...(doubts.length > 0 && { doubts }) };
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

/** Youngest first. A record that can't be read goes before them, so that it is not passed over. */
function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((one, other) => createdAt(other) - createdAt(one));
}

function createdAt({ lookup }: Candidate): number {
  return lookup.status === 'found' ? Date.parse(lookup.record.provenance.createdAt) : Infinity;
}

/**
 * One record committed to the repository. It is read at the base commit, so that a pull request can't bring
 * its own, and written into the work tree, to be committed by the workflow or by hand.
 *
 * @param readAtBase the file's text at the base commit, undefined when it is not there
 */
export function createCommittedStore(options: {
  readonly file: string;
  readonly name: string;
  readonly readAtBase: () => Promise<string | undefined>;
}): BaselinePort {
  return {
    async find(suite) {
      const text = await options.readAtBase();
      return text === undefined
        ? { status: 'absent' }
        : parseBaseline(text, { where: options.name, distance: null, suite });
    },
    async save(record) {
      await writeWhole(options.file, formatRecord(record));
      return options.file;
    },
  };
}
