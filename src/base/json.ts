import { z } from 'zod';

/** A text that must be JSON, parsed into an unknown value for the next schema in the pipe. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('is not valid JSON');
    return z.NEVER;
  }
});

/** A key that one object has twice, and where the second one begins, counted from 0. */
export interface RepeatedKey {
  readonly key: string;
  readonly at: number;
}

/**
 * The first key that one object of a JSON text has twice, at any depth; `JSON.parse` keeps the last value and does not
 * report it. The time is linear in the length of the text.
 *
 * @param json a text that `JSON.parse` takes
 */
export function findRepeatedKey(json: string): RepeatedKey | undefined {
  /** The keys of each object that is open, and undefined for each list. */
  const open: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at];
    if (sign === '{' || sign === '[') open.push(sign === '{' ? new Set() : undefined);
    if (sign === '}' || sign === ']') open.pop();
    if (sign === '{' || sign === ',') isKeyNext = true;
    if (sign !== '"') continue;
    const end = endOfString(json, at);
    const keys = isKeyNext ? open.at(-1) : undefined;
    if (keys) {
      const key = unescaped(json.slice(at, end + 1));
      if (keys.has(key)) return { key, at };
      keys.add(key);
      isKeyNext = false;
    }
    at = end;
  }
  return undefined;
}

/** The place of the quote that ends a string. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

function unescaped(literal: string): string {
  return literal.includes('\\') ? z.string().parse(JSON.parse(literal)) : literal.slice(1, -1);
}
