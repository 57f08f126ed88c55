/** Splits a text into its sentences, line by line; bullets, emphasis and tags are dropped. */
export function splitSentences(text: string): readonly string[] {
  return text
    .replaceAll('’', "'")
    .replaceAll(/<[^<>]*>|[*_#`“”"]/g, '')
    .split(/\n+/)
    .flatMap((line) => line.replace(/^\s*(?:[-•]|\d+[.)](?=\s))\s*/, '').split(SENTENCE_END))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const SENTENCE_END =
  /(?<=[.!?]['’)]*)(?<!\b(?:Mr|Mrs|Ms|Dr|St|vs|e\.g|i\.e)\.)\s+(?=['(]?[A-Z0-9])/;

const CONTRACTIONS = [
  ['cannot', "can't"],
  ['will not', "won't"],
  ...['is', 'are', 'was', 'were', 'do', 'does', 'did', 'has', 'have', 'had', 'could', 'would'].map(
    (verb) => [`${verb} not`, `${verb}n't`] as const,
  ),
] as const;

/** Writes "do not" as "don't", "cannot" as "can't" and so on. */
export function contract(text: string): string {
  return CONTRACTIONS.reduce((result, [long, short]) => result.replaceAll(long, short), text);
}

/**
 * Lower-case words without punctuation, every contraction written out ("can't" is "can", "not"). Numbers stay
 * as they are; a possessive or shortened "'s" goes.
 */
export function splitWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/\bcan't|\bcannot\b/g, 'can not')
    .replaceAll("won't", 'will not')
    .replaceAll("n't", ' not')
    .replaceAll(/'(?:s|re|ll|ve|d|m)\b/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/**
 * A sentence that can follow "I think that": no full stop, and its first letter small unless the word is
 * a name. What is a name is learnt from how `usage`, a text on the same matter, writes the word.
 *
 * @returns `undefined` when the usage doesn't tell
 */
export function asClause(sentence: string, usage: string): string | undefined {
  const clause = sentence.replace(/\.\s*$/, '');
  const word = /^[\p{L}\p{N}]+/u.exec(clause)?.[0] ?? '';
  const small = word.charAt(0).toLowerCase() + word.slice(1);
  if (new RegExp(`(?<![\\p{L}\\p{N}])${small}(?![\\p{L}\\p{N}])`, 'u').test(usage)) {
    return small + clause.slice(word.length);
  }
  return new RegExp(`[\\p{Ll},] ${word}(?![\\p{L}\\p{N}])`, 'u').test(usage) ? clause : undefined;
}
