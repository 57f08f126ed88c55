import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { COMMIT_ID } from '../../base/hash.js';

/** A ref as git writes it in HEAD, without a way out of its folder. */
const REF = /^ref: (refs\/(?!.*\.\.)[\w./-]+)$/;

/**
 * The commit that is checked out in a folder, read from the files of git; undefined where there are none, as when the
 * files came without git.
 */
export async function readCheckedOutCommit(root: string): Promise<string | undefined> {
  const read = (name: string): Promise<string> =>
    readFile(path.join(root, '.git', ...name.split('/')), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const head = await read('HEAD');
  if (COMMIT_ID.test(head)) return head;
  const ref = REF.exec(head)?.[1];
  if (ref === undefined) return undefined;
  const loose = await read(ref);
  if (COMMIT_ID.test(loose)) return loose;
  const packed = (await read('packed-refs')).split('\n').find((line) => line.endsWith(` ${ref}`));
  const sha = packed?.slice(0, 40) ?? '';
  return COMMIT_ID.test(sha) ? sha : undefined;
}
