import { z } from 'zod';
import { DEFAULT_CONFIG } from '../../config/settings.js';
import { normalisePath } from '../../config/values.js';
import { parseYaml } from '../../config/yaml.js';
import type { GitHub } from '../../edges/github/client.js';
import { readVariable } from '../../edges/github/runner.js';

const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      steps: z
        .array(
          z.object({
            uses: z.string().optional(),
            with: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .default([]),
    }),
  ),
});

/**
 * The configuration that this workflow names at a commit, where it is certain that it names another one there than now.
 * A workflow that is not there, does not use this Action or computes the path says nothing.
 */
export async function findPathBefore(
  {
    configPath,
    workflow,
    policyCommit,
  }: {
    readonly configPath: string;
    readonly workflow?: string;
    readonly policyCommit?: string;
  },
  github: GitHub,
): Promise<string | undefined> {
  if (workflow === undefined || policyCommit === undefined) return undefined;
  const text = await github.readFile(workflow, policyCommit);
  const file = text === undefined ? undefined : parseYaml(text, 'the workflow');
  if (!file || 'problem' in file) return undefined;
  const jobs = workflowSchema.safeParse(file.settings).data?.jobs ?? {};
  const paths = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses }) => isOwn(uses))
    .map((step) => step.with?.['config'] ?? DEFAULT_CONFIG)
    .map((path) => (typeof path === 'string' ? normalisePath(path) : ''));
  const isKnown = paths.every((path) => path !== '' && !path.includes('${{'));
  return isKnown && !paths.includes(configPath) ? paths[0] : undefined;
}

/** Whether a step uses this Action: by the name that the runner knows it by, its own name, or as a local one. */
function isOwn(uses = ''): boolean {
  const [name = ''] = uses.split('@');
  const known = readVariable('GITHUB_ACTION_REPOSITORY');
  return name === known || /(^|\/)mask-gate$/.test(name) || name.startsWith('./');
}
