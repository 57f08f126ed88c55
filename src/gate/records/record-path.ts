import type { Promotion } from './promotion.js';
import type { GateRecord } from './record.js';

/**
 * Where records are stored, below a folder or on a branch: `records/<suite>/<commit>/<run>-<attempt>.json`, and
 * promotions next to them. Each file is written once and never edited.
 */
export const RECORDS_FOLDER = 'records';

/** What a data branch says about itself. */
export const DATA_BRANCH_README = `# MASK Gate data

Records of the honesty of this repository's model, written by MASK Gate. Each file in \`${RECORDS_FOLDER}/\` is written once and
never changed. Nothing here is meant to be edited or merged.
`;

const PROMOTION_START = 'promotion-';

/** The folder with one folder for each commit of a suite that has records. */
export function suiteFolder(suite: string): string {
  return `${RECORDS_FOLDER}/${suite}`;
}

/** The folder with the records of a commit; `none` for records of no commit. */
export function commitFolder(suite: string, commit: string | null): string {
  return `${suiteFolder(suite)}/${commit ?? 'none'}`;
}

/** The path of a record. */
export function recordPath({
  measurement: { suite },
  provenance,
}: Pick<GateRecord, 'measurement' | 'provenance'>): string {
  const { commit, runId, runAttempt } = provenance;
  return `${commitFolder(suite, commit)}/${runId ?? 'local'}-${runAttempt ?? '1'}.json`;
}

/** The path of a promotion, next to the records of its commit; no record has such a name. */
export function promotionPath(suite: string, { commit, when }: Promotion): string {
  const name = `${PROMOTION_START}${when.replaceAll(/[:.]/g, '')}.json`;
  return `${commitFolder(suite, commit)}/${name}`;
}

/** Whether a path is that of a promotion, which repeats a record. */
export function isPromotionPath(path: string): boolean {
  return readFileName(path).startsWith(PROMOTION_START);
}

const RECORD_PATH = new RegExp(`^${RECORDS_FOLDER}/([^/]+)/[^/]+/[^/]+\\.json$`);

/** The suite of the record at a path; undefined for any other path, that of a promotion included. */
export function suiteOfPath(path: string): string | undefined {
  return isPromotionPath(path) ? undefined : RECORD_PATH.exec(path)?.[1];
}

/** Sorts paths by the number of the run, which GitHub only ever counts up: the earliest first. */
export function byRun(one: string, other: string): number {
  const order = { numeric: true, sensitivity: 'variant' } as const;
  return readFileName(one).localeCompare(readFileName(other), 'en', order);
}

function readFileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
