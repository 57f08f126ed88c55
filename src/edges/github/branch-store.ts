import type { Commits } from '../../gate/records/line.js';
import type { FindRejection } from '../../gate/records/origin.js';
import type { BaselinePort } from '../../ports.js';
import { checkedRecord, createRecordStore } from '../files/record-store.js';
import type { Alongside, DataBranch } from './branch.js';

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
  findRejection: FindRejection,
): BaselinePort {
  return createRecordStore(commits, {
    open: () => branch.snapshot(),
    findRejection,
    write: (file, record) => {
      const { suite } = record.measurement;
      const commit = record.provenance.commit?.slice(0, 12) ?? 'no commit';
      const message = `Record ${suite} at ${commit}`;
      return branch.add({ path: file, text: checkedRecord(record), message }, alongside);
    },
    nameOf: (file) => `${file} on ${name}`,
  });
}
