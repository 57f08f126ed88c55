import type { Config } from '../../config/config.js';
import { type ParsedConfig, parseConfig } from '../../config/parse.js';
import { parseYaml } from '../../config/yaml.js';
import type { GitHub } from '../../edges/github/client.js';
import { UsageError } from '../../base/errors.js';
import type { ActionRequest } from './request.js';

type PolicyScope = Pick<ActionRequest, 'configPath' | 'assignments'>;

/**
 * The configuration at a commit with the inputs of the workflow, read through the API.
 *
 * @param place what messages call the commit: `the base`
 * @throws UsageError when the configuration there is wrong
 */
export async function readPolicyAt(
  { commit, place }: { readonly commit: string; readonly place: string },
  where: PolicyScope,
  github: GitHub,
): Promise<Config> {
  const { config, problems } = await parseAt({ commit, place }, where, github);
  if (problems.length > 0) throw new UsageError(problems);
  return config;
}

/**
 * The branches that a configuration lets approved forks be measured for. Of a configuration that is wrong, or not
 * there, none.
 *
 * @throws UsageError when the file can't be parsed as YAML
 */
export async function readForkBases(
  commit: string,
  where: PolicyScope,
  github: GitHub,
): Promise<readonly string[]> {
  const { config } = await parseAt({ commit, place: 'the default branch' }, where, github);
  return config.forks.bases;
}

async function parseAt(
  { commit, place }: { readonly commit: string; readonly place: string },
  { configPath, assignments }: PolicyScope,
  github: GitHub,
): Promise<ParsedConfig> {
  const text = await github.readFile(configPath, commit, 'config');
  const file = text === undefined ? { settings: {} } : parseYaml(text, `${configPath} at ${place}`);
  if ('problem' in file) throw new UsageError([file.problem]);
  return parseConfig({ ...file, origin: configPath }, assignments);
}
