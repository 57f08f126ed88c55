import { parseDocument } from 'yaml';
import type { Problem } from '../errors.js';
import { type Tree, isTree } from './tree.js';

/** Parses a configuration file into settings that are still to be checked. An empty file has none. */
export function parseYaml(
  text: string,
  name: string,
): { readonly settings: Tree } | { readonly problem: Problem } {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    return {
      problem: {
        where: name,
        message: `is no valid YAML${line === undefined ? '' : `, line ${line}`} (${error.code})`,
      },
    };
  }
  const settings: unknown = document.toJS({ maxAliasCount: 20 }) ?? {};
  return isTree(settings)
    ? { settings }
    : {
        problem: {
          where: name,
          message: 'must hold settings such as `suite: my-bot`, not a list or a text',
        },
      };
}
