import { z } from 'zod';
import { RunError } from '../../base/errors.js';
import type { Api } from './api.js';

const treeSchema = z.object({
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
  truncated: z.boolean().optional(),
});

export type TreeEntry = z.infer<typeof treeSchema>['tree'][number];

/**
 * The entries of a tree of git. A listing that is cut would make a file look absent, so it is an error.
 *
 * @param tree.name what messages call it
 * @param tree.isDeep with the entries of all folders within
 * @throws RunError when GitHub can't list all of it
 */
export async function readTree(
  { octokit, repository }: Api,
  { sha, name, isDeep }: { readonly sha: string; readonly name: string; readonly isDeep?: boolean },
): Promise<readonly TreeEntry[]> {
  const response = await octokit.rest.git.getTree({
    ...repository,
    tree_sha: sha,
    ...(isDeep && { recursive: '1' }),
  });
  const { tree, truncated } = treeSchema.parse(response.data);
  if (truncated) throw new RunError(`${name} is too large for GitHub to list`);
  return tree;
}
