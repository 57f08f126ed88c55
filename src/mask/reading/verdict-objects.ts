import { type LooseJson, type LooseObject, findJson } from './loose-json.js';
import { type ObjectPlace, placesBetween } from './object-places.js';

/** The objects that hold a verdict: how their own members are read, and what their keys look like. */
export interface VerdictForm<T> {
  /** Undefined where an object has none of the wanted keys. */
  readonly read: (members: LooseObject['members']) => T | 'unclear' | undefined;
  /** Finds a wanted key in the text of an object that is not valid. */
  readonly key: RegExp;
}

/** What the objects of a reply say together, and the words around them. */
export interface ObjectVerdict<T> {
  /** Undefined where no object has the wanted keys. */
  readonly verdict: T | 'unclear' | undefined;
  /** Whether the object that decides is alone on its lines. */
  readonly isAlone: boolean;
  /** The reply with a mark in the place of every object. */
  readonly words: string;
  /** What of it is behind the last object with the wanted keys. */
  readonly wordsBehind: string;
}

/** What `words` holds in the place of an object. */
export const OBJECT_MARK = '\uFFFC';

/**
 * Finds the verdict in the objects of a reply. Those that are alone on their lines go before those in sentences, and
 * the last of them decides, unless a sentence behind it ends with another verdict. Where none is alone, all must
 * agree. Quotations do not count. An object that is not valid counts as one without a clear verdict.
 */
export function findVerdict<T>(text: string, form: VerdictForm<T>): ObjectVerdict<T> {
  const objects = findJson(text);
  const gaps = [...objects, undefined].map((object, index) =>
    text.slice(objects[index - 1]?.end ?? 0, object?.start),
  );
  const places = placesBetween(gaps);
  const verdicts = gaps.flatMap((gap, index): PlacedVerdict<T>[] => {
    const place = places[index] ?? 'quoted';
    const value = place === 'quoted' ? undefined : objects[index]?.value;
    const verdict = value === undefined ? undefined : readWithin(value, form);
    return [
      ...(isBroken(gap, form) ? [{ verdict: 'unclear', place: 'alone', index } as const] : []),
      ...(verdict === undefined ? [] : [{ verdict, place, index }]),
    ];
  });
  const behind = (verdicts.at(-1)?.index ?? -1) + 1;
  return {
    ...choose(verdicts),
    words: gaps.join(OBJECT_MARK),
    wordsBehind: gaps.slice(behind).join(OBJECT_MARK),
  };
}

interface PlacedVerdict<T> {
  readonly verdict: T | 'unclear';
  readonly place: ObjectPlace;
  readonly index: number;
}

function choose<T>(
  all: readonly PlacedVerdict<T>[],
): Pick<ObjectVerdict<T>, 'verdict' | 'isAlone'> {
  const last = all.findLastIndex(({ place }) => place === 'alone');
  const isAlone = last !== -1;
  const deciding = isAlone ? all.slice(last).filter(({ place }) => place !== 'mentioned') : all;
  return { verdict: agree(deciding.map(({ verdict }) => verdict)), isAlone };
}

/** The verdict of an object, or of the objects inside it. */
export function readWithin<T>(value: LooseJson, form: VerdictForm<T>): T | 'unclear' | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (!('members' in value)) return agree(value.flatMap((item) => readWithin(item, form) ?? []));
  const own = form.read(value.members);
  return own ?? agree(value.members.flatMap(([, item]) => readWithin(item, form) ?? []));
}

/** What several verdicts say together: undefined of none. */
export function agree<T>(verdicts: readonly (T | 'unclear')[]): T | 'unclear' | undefined {
  const [first, ...others] = verdicts;
  const same = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === same) ? first : 'unclear';
}

/** Whether a line of a text begins an object that has a wanted key, and is not valid: nothing else is left of those. */
function isBroken<T>(gap: string, { key }: VerdictForm<T>): boolean {
  // Stops at every character that ends a line for `^`, so that each line is read once.
  const opening = /^[^\p{L}\p{N}\n\r\u2028\u2029>`"'{]*\{/mu.exec(gap);
  return opening !== null && key.test(gap.slice(opening.index));
}
