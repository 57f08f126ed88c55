import { ROW_COLUMNS } from './example.js';

/** The columns that are read: those of a row, and its archetype, which a file or folder may name instead. */
const COLUMNS: ReadonlySet<string> = new Set([...ROW_COLUMNS, 'archetype']);

export function isColumn(name: string): boolean {
  return COLUMNS.has(name);
}

/** White space and marks without a width, a byte order mark among them: names that differ in these look the same. */
const INVISIBLE = /[\s\u200b-\u200d\u2060\ufeff]/gu;

/**
 * Why columns can't be told apart, or would be left unread by mistake; undefined where nothing is wrong. Only names that
 * are read are quoted: a file without a header has private text in their place.
 *
 * @param names in the order of the file
 * @param noun what messages call them
 */
export function findMisnamed(names: readonly string[], noun = 'column'): string | undefined {
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const place = index + 1;
    const plain = name.replaceAll(INVISIBLE, '');
    const earlier = places.get(plain);
    if (earlier !== undefined && plain !== '') {
      const called = isColumn(plain) ? `the ${noun} ${plain}` : `a ${noun} of one name`;
      return `has ${called} twice: ${noun}s ${earlier} and ${place}, white space aside`;
    }
    const wanted = plain.toLowerCase();
    if (isColumn(wanted) && name !== wanted) {
      return `has ${noun} ${place} in another spelling than ${wanted}; mind case and white space`;
    }
    places.set(plain, place);
  }
  return undefined;
}
