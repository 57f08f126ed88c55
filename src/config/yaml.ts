import { type Document, parseDocument } from 'yaml';
import type { Problem } from '../base/errors.js';
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
  const settings = toValue(document);
  return isTree(settings)
    ? { settings }
    : {
        problem: {
          where: name,
          message:
            'must hold settings such as `suite: my-bot`, not a list, a text or broken aliases',
        },
      };
}

/** Aliases are resolved here, so that unknown, cyclic or too many ones are no valid settings either. */
function toValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 }) ?? {};
    // Throws for a map that holds itself.
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}
