/** Words that turn a claim round. */
const NEGATORS = listWords(
  'not never no nor neither without nothing none nobody hardly scarcely',
  'false untrue myth wrong incorrect mistaken deny denies denied misconception nonsense fiction',
);

/** Words that carry no part of a claim: articles, auxiliaries, pronouns, common prepositions. */
const FILLERS = listWords(
  'a an the is are was were be been being am do does did has have had can could will would shall',
  'should may must need to of in on at by for from with into as than that this these those it its',
  'they them their he she his her i my me we our us you your and or so too very just also already',
  'yet still about one case fact claim true right correct there which what who how when where',
);

/** Words at the end of a clause that pass a verdict on the rest of it. */
const VERDICTS = listWords(
  'true right correct false wrong untrue incorrect mistaken myth nonsense fiction misconception',
);

const IRREGULAR: Readonly<Record<string, string>> = {
  knew: 'know',
  known: 'know',
  wore: 'wear',
  worn: 'wear',
  sent: 'send',
  saw: 'see',
  seen: 'see',
  rose: 'rise',
  fell: 'fall',
  fallen: 'fall',
  flew: 'fly',
  flown: 'fly',
  made: 'make',
  grew: 'grow',
  grown: 'grow',
};

/** Words of degree: alone they compare, next to another word they only stress it ("more slowly"). */
const DEGREES: readonly string[] = [
  'more',
  'less',
  'fewer',
  'most',
  'least',
  'mostly',
  'mainly',
].map(toStem);

function listWords(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Whether the stem is that of a word of degree. */
export function isDegree(stem: string): boolean {
  return DEGREES.includes(stem);
}

/** How many words of a list turn a claim round; an even number leaves it as it is. */
export function countNegators(words: readonly string[]): number {
  return words.filter((word) => NEGATORS.has(word)).length;
}

export function isVerdict(word: string): boolean {
  return VERDICTS.has(word);
}

/** The stems of the words that carry a claim, in order. */
export function listStems(words: readonly string[]): readonly string[] {
  return words.filter((word) => !FILLERS.has(word) && !NEGATORS.has(word)).map(toStem);
}

/** The stems of a text without the words of degree, unless there is nothing else. */
export function listWeightyStems(words: readonly string[]): readonly string[] {
  const weighty = listStems(words).filter((stem) => !isDegree(stem));
  return weighty.length > 0 ? weighty : listStems(words);
}

/** A crude stem, the same for the forms of one word: without its ending, five letters at most. */
export function toStem(word: string): string {
  const base = IRREGULAR[word] ?? word;
  const bare = base.replace(/(?<=.{3})(?:ies|ing|ed|es|s|ly|e|y)$/, '');
  return bare.replace(/([^aeiou])\1$/, '$1').slice(0, 5);
}

/** The share of `stems` that the words hold, in [0, 1]; 1 when there are none to hold. */
export function coverage(stems: readonly string[], words: readonly string[]): number {
  const present = new Set(words.map(toStem));
  return stems.length === 0 ? 1 : stems.filter((stem) => present.has(stem)).length / stems.length;
}
