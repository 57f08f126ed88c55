import type { Promotion } from './promotion.js';
import type { GateRecord } from './record.js';

/** A record as it was found. */
export interface FoundRecord {
  /** Its file, in the place where records are kept. */
  readonly file: string;
  readonly commit: string;
  /** There for a record that a person promoted. */
  readonly promotion?: Promotion | undefined;
}

/** What confirms a record whose run is deleted: a commit of the data branch. */
export interface SignedCommit {
  readonly signedCommit: string;
}

/** Why a record may not serve, or what it serves on in place of its run; undefined where GitHub confirms the run. */
export type DoubtsOf = (
  record: GateRecord,
  found: FoundRecord,
) => Promise<string | SignedCommit | undefined>;
