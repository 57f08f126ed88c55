import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type BaselineLookup, type BaselineSource, parseBaseline } from '../gate/baseline.js';
import type { GateRecord } from '../gate/record.js';
import type { BaselinePort } from '../ports.js';
import { writeWhole } from './files.js';

/** A record as it is stored: indented, one line end at the end. */
export function formatRecord(record: GateRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`;
}

/**
 * Records in a local folder: `records/<suite>/<commit>/<run>-<attempt>.json`, written once and never edited.
 *
 * @param commits the commit to look for, then its first-parent ancestors, nearest first
 */
export function createDirectoryStore(folder: string, commits: readonly string[]): BaselinePort {
  const placeOf = (suite: string, commit: string): string =>
    path.join(folder, 'records', suite, commit);
  return {
    async find(suite) {
      const lookups: BaselineLookup[] = [];
      for (const [distance, commit] of commits.entries()) {
        lookups.push(...(await recordsOf(placeOf(suite, commit), { distance, suite })));
      }
      const [nearest = { status: 'absent' }, ...others] = lookups;
      if (nearest.status !== 'found') return nearest;
      const older = others.flatMap((one) => (one.status === 'found' ? one.record : []));
      return { ...nearest, older };
    },
    async save(record) {
      const { commit, runId, runAttempt } = record.provenance;
      const name = `${runId ?? 'local'}-${runAttempt ?? '1'}.json`;
      const file = path.join(placeOf(record.measurement.suite, commit ?? 'none'), name);
      await writeWhole(file, formatRecord(record));
      return file;
    },
  };
}

/** The records of one commit, youngest first. One that can't be read goes before them, so that it is not passed over. */
async function recordsOf(
  folder: string,
  source: Omit<BaselineSource, 'where'>,
): Promise<readonly BaselineLookup[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const lookups = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const file = path.join(folder, name);
        return parseBaseline(await readFile(file, 'utf8'), { where: file, ...source });
      }),
  );
  return lookups.sort((one, other) => createdAt(other) - createdAt(one));
}

function createdAt(lookup: BaselineLookup): number {
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
