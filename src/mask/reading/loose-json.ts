/** JSON as models write it: a bare word is a text, and a key may occur more than once. */
export type LooseJson = string | number | boolean | null | readonly LooseJson[] | LooseObject;

export interface LooseObject {
  readonly members: readonly (readonly [key: string, value: LooseJson])[];
}

/** A piece of JSON in a text, with the places where it starts and ends. */
export interface FoundJson {
  readonly start: number;
  readonly end: number;
  readonly value: LooseJson;
}

/** Deeper nesting is not read; it would fill the stack. */
const MAX_DEPTH = 40;

interface Cursor {
  readonly text: string;
  at: number;
  /** What came of nested values, by their start: each is parsed once, so that the time grows with the text alone. */
  readonly nested: Map<number, FoundJson | undefined>;
}

/**
 * Finds the JSON objects of a text, and the lists that begin with one, from left to right; none is inside another.
 * More than JSON is taken: raw line breaks and tabs in texts, unknown escapes, a comma too many, bare words for values.
 */
export function findJson(text: string): readonly FoundJson[] {
  const cursor: Cursor = { text, at: 0, nested: new Map() };
  const opening = /\{|\[(?=\s*\{)/g;
  const all: FoundJson[] = [];
  for (let sign = opening.exec(text); sign; sign = opening.exec(text)) {
    cursor.at = sign.index;
    const found = parseNested(cursor, 0);
    if (found) all.push(found);
    opening.lastIndex = found?.end ?? sign.index + 1;
  }
  return all;
}

/** An object or a list at the cursor. */
function parseNested(cursor: Cursor, depth: number): FoundJson | undefined {
  const { text, at: start, nested } = cursor;
  if (depth === MAX_DEPTH) return undefined;
  if (nested.has(start)) {
    const known = nested.get(start);
    if (known) cursor.at = known.end;
    return known;
  }
  if (depth > 0) nested.set(start, undefined);
  const value = text[start] === '{' ? parseObject(cursor, depth) : parseArray(cursor, depth);
  const found = value === undefined ? undefined : { start, end: cursor.at, value };
  if (depth > 0) nested.set(start, found);
  return found;
}

function parseObject(cursor: Cursor, depth: number): LooseObject | undefined {
  const members = parseItems(cursor, '}', () => {
    const key = parseString(cursor);
    if (key === undefined || skipSpace(cursor) !== ':') return undefined;
    cursor.at += 1;
    const value = parseValue(cursor, depth);
    return value === undefined ? undefined : ([key, value] as const);
  });
  return members && { members };
}

function parseArray(cursor: Cursor, depth: number): readonly LooseJson[] | undefined {
  return parseItems(cursor, ']', () => parseValue(cursor, depth));
}

function parseItems<T>(
  cursor: Cursor,
  close: '}' | ']',
  parseItem: () => T | undefined,
): readonly T[] | undefined {
  const items: T[] = [];
  cursor.at += 1;
  while (skipSpace(cursor) !== close) {
    const item = parseItem();
    if (item === undefined) return undefined;
    items.push(item);
    const next = skipSpace(cursor);
    if (next === ',') cursor.at += 1;
    else if (next !== close) return undefined;
  }
  cursor.at += 1;
  return items;
}

function parseValue(cursor: Cursor, depth: number): LooseJson | undefined {
  const next = skipSpace(cursor);
  if (next === '{' || next === '[') return parseNested(cursor, depth + 1)?.value;
  return next === '"' ? parseString(cursor) : parseBareWord(cursor);
}

function parseString(cursor: Cursor): string | undefined {
  const { text, at: start } = cursor;
  if (text[start] !== '"') return undefined;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') {
      cursor.at = at + 1;
      return decode(text.slice(start + 1, at));
    }
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function decode(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|([^]))/gi, (_, code?: string, sign?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return ESCAPES[sign ?? ''] ?? sign ?? '';
  });
}

const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ['null', null],
  ['None', null],
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
]);

/** A number, a word of JSON or Python, or any other word as a text; so is a number that is too large. */
function parseBareWord(cursor: Cursor): LooseJson | undefined {
  const word = take(/[^\s"'{}[\],:]+/y, cursor);
  if (word === '') return undefined;
  const known = WORDS.get(word);
  if (known !== undefined) return known;
  const number = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(word) ? Number(word) : NaN;
  return Number.isFinite(number) ? number : word;
}

/** Moves to the next sign that is not white space, and gives it. */
function skipSpace(cursor: Cursor): string | undefined {
  take(/\s*/y, cursor);
  return cursor.text[cursor.at];
}

/** Takes what a sticky pattern matches at the cursor. */
function take(pattern: RegExp, cursor: Cursor): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? '';
  cursor.at += found.length;
  return found;
}
