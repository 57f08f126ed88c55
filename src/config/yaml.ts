import { type Document, isScalar, parseDocument, visit } from 'yaml';
import type { Problem } from '../base/errors.js';
import { type Tree, isTree } from './tree.js';

/** What a text is at most, in characters. Longer ones are refused unread: they come from heads of forks, too. */
const MAX_LENGTH = 256 * 1024;

/** How deep maps and lists may be nested: far deeper than any setting is. */
const MAX_DEPTH = 64;

/** Parses a configuration file into settings that are still to be checked. An empty file has none. */
export function parseYaml(
  text: string,
  name: string,
): { readonly settings: Tree } | { readonly problem: Problem } {
  const read = readYaml(text);
  if ('fault' in read)
    return { problem: { where: name, message: `is not valid YAML${read.fault}` } };
  const settings = read.value ?? {};
  if (isTree(settings)) return { settings };
  const message = 'must hold settings such as `suite: my-bot`, not a list or a text';
  return { problem: { where: name, message } };
}

/**
 * Reads a text as YAML, in a time that grows with its length and no faster.
 *
 * @returns the value; or what is wrong, to follow "is not valid YAML"
 */
export function readYaml(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (text.length > MAX_LENGTH) {
    return { fault: `: it has more than ${MAX_LENGTH / 1024} Ki characters` };
  }
  if (depthOf(text) > MAX_DEPTH) return { fault: `: it is nested deeper than ${MAX_DEPTH} levels` };
  // The parser compares each key of a map with all others of it; here each is looked up.
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    return { fault: `${line === undefined ? '' : `, line ${line}`} (${error.code})` };
  }
  const duplicate = findDuplicate(document);
  if (duplicate !== undefined) {
    const line = text.slice(0, duplicate).split('\n').length;
    return { fault: `, line ${line} (DUPLICATE_KEY)` };
  }
  return toValue(document);
}

/** At most how deep a text can be nested: by its brackets, and by how far its lines are indented. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return Math.max(deepest, ...indentations(text));
}

/** The levels that each line can open: by its indentation, and by markers of lists and keys in a row. */
function indentations(text: string): readonly number[] {
  const starts = text.match(/^[ \t]*(?:[-?] +)*/gm) ?? [];
  return [starts.reduce((most, start) => Math.max(most, Math.ceil(start.length / 2)), 0)];
}

/** Where a key is that its map has already, as an offset; undefined where each has one. */
function findDuplicate(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          found = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** Aliases are resolved here, so that unknown, cyclic or too many ones are not valid settings either. */
function toValue(document: Document): { readonly value: unknown } | { readonly fault: string } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    // Throws for a map that holds itself.
    JSON.stringify(value);
    return { value };
  } catch {
    return { fault: ': its aliases are broken, or too many' };
  }
}
