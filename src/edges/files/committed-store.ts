import { toReason } from '../../base/errors.js';
import { parseStored } from '../../gate/records/baseline.js';
import type { FindRejection } from '../../gate/records/origin.js';
import type { BaselinePort } from '../../ports.js';
import { writeWhole } from './files.js';
import { checkedRecord } from './record-store.js';

/**
 * One record committed to the repository, promoted or not. It is read at the base commit, so that a pull request can't bring
 * its own, and written into the work tree, to be committed by the workflow or by hand. Its origin is checked like that of a
 * record on a branch: a review of numbers does not say who measured them.
 *
 * @param readAtBase the file's text at the base commit, undefined when it does not exist; throws UsageError where something
 * else has its path
 * @param findRejection absent where there is no GitHub to ask
 */
export function createCommittedStore(options: {
  readonly file: string;
  readonly name: string;
  readonly readAtBase: () => Promise<string | undefined>;
  readonly findRejection?: FindRejection;
}): BaselinePort {
  const { file, name: where, readAtBase, findRejection } = options;
  return {
    async findRecord(suite) {
      const text = await readAtBase().catch(toReason);
      if (text === undefined) return { status: 'absent' };
      if (typeof text !== 'string') return { status: 'corrupt', where, ...text };
      const lookup = parseStored(text, { where, distance: null, suite });
      if (lookup.status !== 'found') return lookup;
      const { record, promotion } = lookup;
      const found = { file: where, commit: record.provenance.commit ?? '', promotion };
      const origin = await findRejection?.(record, found);
      return typeof origin === 'string'
        ? { status: 'untrusted', rejected: [{ where, reason: origin }] }
        : { ...lookup, ...origin };
    },
    async save(record) {
      await writeWhole(file, checkedRecord(record));
      return file;
    },
  };
}
