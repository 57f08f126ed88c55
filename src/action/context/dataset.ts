import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { locate } from '../../edges/files/files.js';
import type { GitHub } from '../../edges/github/client.js';
import { placeDownload } from '../../edges/github/contents.js';
import { UsageError } from '../../base/errors.js';
import { explainPointer } from '../../base/pointer.js';
import type { DataPlace } from '../../session/prepare.js';
import type { RunTrigger } from './event.js';
import type { ActionRequest } from './request.js';

/** Where data are looked for. */
interface CheckoutScope extends Pick<ActionRequest, 'root' | 'policyFromHead'> {
  readonly trigger: Pick<RunTrigger, 'policyCommit' | 'headCommit'>;
  readonly github: GitHub;
}

/**
 * Where the dataset of a run lies. Examples are policy, so that files that git tracks are read at a commit, through the
 * API: on a pull request that of the base, and for a recording its own, so that it measures what pull requests after it
 * can read. Files that git does not know, fetched by an earlier step, stay where they are.
 *
 * @throws UsageError when only the pull request's head has them, or another tool keeps their content
 */
export async function fetchDataset(source: string, where: CheckoutScope): Promise<DataPlace> {
  const { trigger, root, policyFromHead, github } = where;
  const checkout = { root, from: 'checkout' } as const;
  if (source === 'sample' || policyFromHead) return checkout;
  const { headCommit, policyCommit = headCommit } = trigger;
  const files = await github.download(source, policyCommit);
  const kept = files.flatMap(({ path: name, pointer }) =>
    pointer ? `"${name}" ${explainPointer(pointer, 'data')}` : [],
  );
  if (kept.length > 0) throw refuse(kept);
  if (files.length > 0) {
    const folder = await mkdtemp(path.join(tmpdir(), 'mask-gate-dataset-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    await Promise.all(files.map((file) => placeDownload(folder, file)));
    return { root: folder, from: 'data' };
  }
  if (policyCommit !== headCommit && (await github.exists(source, headCommit))) {
    const remedy = 'examples that a pull request adds are used after the merge';
    throw refuse([`"${source}" is not at the base; ${remedy}`]);
  }
  await refuseKept(source, new Set([policyCommit, headCommit]), github);
  await refuseDetour(source, root);
  return checkout;
}

/** What another tool keeps comes into the checkout by a file of the head, which would choose the examples. */
async function refuseKept(
  source: string,
  commits: ReadonlySet<string>,
  github: GitHub,
): Promise<void> {
  for (const commit of commits) {
    const keeper = await github.findKeeper(source, commit);
    if (!keeper) continue;
    const reason = explainPointer(keeper.pointer, 'data');
    throw refuse([`"${source}" is not in the repository, and "${keeper.place}" ${reason}`]);
  }
}

/** A file that git does not know must lie where its path says: the head could put a link in the way. */
async function refuseDetour(source: string, root: string): Promise<void> {
  const located = await locate({ setting: 'dataset.source', path: source, root });
  if (!('found' in located) || located.found.isDirect) return;
  throw refuse([
    `"${source}" is an absolute path or behind a symbolic link; name the file itself, inside the repository`,
  ]);
}

function refuse(messages: readonly string[]): UsageError {
  return new UsageError(messages.map((message) => ({ where: 'dataset.source', message })));
}
