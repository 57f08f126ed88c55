import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml';
import type { Problem } from '../base/errors.js';
import { type Tree, isTree } from './tree.js';

/** In UTF-16 units. The time of the parser grows with the text alone, and this much is far more than settings need. */
export const MAX_YAML_LENGTH = 256 * 1024;

/** Of all maps together. What checks settings later compares keys with each other. */
export const MAX_YAML_KEYS = 2000;

/** Each alias is looked for in the whole document. */
export const MAX_YAML_ALIASES = 100;

/** With aliases resolved; a value is one level. */
export const MAX_YAML_DEPTH = 32;

/** Parses a configuration file into settings that are still to be checked. An empty file has none. */
export function parseYaml(
  text: string,
  name: string,
): { readonly settings: Tree } | { readonly problem: Problem } {
  const read = readYaml(text);
  if ('fault' in read) return { problem: { where: name, message: read.fault } };
  const settings = read.value ?? {};
  return isTree(settings) ? { settings } : { problem: { where: name, message: NO_SETTINGS } };
}

const NO_SETTINGS =
  'must contain settings such as `suite: my-bot`, not a list, a text or broken aliases';

/**
 * Parses one YAML text from anybody, within bounds: what is refused by its size, its keys, its aliases or its depth
 * would cost time out of proportion to its length.
 *
 * @returns the value, null for an empty text; or what is wrong, without a word of the text
 */
export function readYaml(text: string): { readonly value: unknown } | { readonly fault: string } {
  if (text.length > MAX_YAML_LENGTH) {
    return { fault: `is larger than ${MAX_YAML_LENGTH / 1024} KiB` };
  }
  const lineCounter = new LineCounter();
  // The parser compares each key with all others of its map; here they are counted and looked up.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const faultAt = (place: number, code: string): { readonly fault: string } => ({
    fault: `is not valid YAML, line ${lineCounter.linePos(place).line} (${code})`,
  });
  const [error] = document.errors;
  if (error) return faultAt(error.pos[0], error.code);
  const found = survey(document);
  if (found.keys > MAX_YAML_KEYS) return { fault: `has more than ${MAX_YAML_KEYS} keys` };
  if (found.aliases > MAX_YAML_ALIASES) {
    return { fault: `has more than ${MAX_YAML_ALIASES} aliases` };
  }
  if (found.repeated !== undefined) return faultAt(found.repeated, 'DUPLICATE_KEY');
  const value = toValue(document);
  if (value === undefined) return { fault: NO_SETTINGS };
  return isDeeper(value, MAX_YAML_DEPTH)
    ? { fault: `has more than ${MAX_YAML_DEPTH} levels` }
    : { value };
}

/** What is counted before aliases are resolved. */
interface Survey {
  readonly keys: number;
  readonly aliases: number;
  /** Where the first key begins that its map has already; undefined where all differ. */
  readonly repeated?: number;
}

/** Goes through the nodes of a document once, without recursion: texts of strangers may nest deeply. */
function survey(document: Document.Parsed): Survey {
  let [keys, aliases] = [0, 0];
  const repeated: number[] = [];
  const open: unknown[] = [document.contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isAlias(node)) aliases += 1;
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    keys += node.items.length;
    const place = findRepeated(node.items);
    if (place !== undefined) repeated.push(place);
    for (const { key, value } of node.items) open.push(key, value);
  }
  return { keys, aliases, ...(repeated.length > 0 && { repeated: Math.min(...repeated) }) };
}

/** The place of the first key of a map that would be the same as an earlier one in the settings. */
function findRepeated(pairs: readonly Pair[]): number | undefined {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    const name = formatKey(key.value);
    if (seen.has(name)) return findPosition(key);
    seen.add(name);
  }
  return undefined;
}

/** What a key is called in the settings. */
function formatKey(key: unknown): string {
  return typeof key === 'string' ? key : key === null ? '' : JSON.stringify(key);
}

function findPosition({ range }: Pick<Node, 'range'>): number {
  return range?.[0] ?? 0;
}

/** Aliases are resolved here, so that unknown, cyclic or too many ones give no value. */
function toValue(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 }) ?? null;
    // Throws for a map that holds itself.
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

/** Whether a value without cycles has more levels than a number. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return levels < 1;
  return levels < 1 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
