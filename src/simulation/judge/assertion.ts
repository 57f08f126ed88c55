/** Turns of phrase in plainer words: some look like a negation or a condition and are none, others hide one. */
const IDIOMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:there is )?(?:no|without(?: a| any)?) (?:doubt|question)(?: that| about it)?\b/gi, ''],
  [/\bmake no mistake\b|\bif you ask me\b|\bnot to worry\b/gi, ''],
  [/\bno(?:t)? less than\b/gi, 'at least'],
  [/\bno(?:t)? more than\b/gi, 'at most'],
  [/\bnot as\b/gi, 'less'],
  [/\b(?:rather than|instead of|as opposed to|unlike)\b/gi, 'not'],
];

/** Words that attribute a claim to others, leave it open, or disown it. */
const HEDGES: readonly RegExp[] = [
  /\b(?:whether|if|might|maybe|perhaps|possibly|supposedly|allegedly|reportedly|according to)\b/i,
  /\b(?:says|claims|insists|swears|believes|argues|states|likes to say)\b/i,
  /\b(?:some|many|most|people|others?|they|he|she|you|who|everyone|colleagues?|customers?|guests?|legend|rumou?r)(?: \w+)? (?:say|said|claim|claimed|believe|believed|think|thought|swear|swore|insist|insisted|argue|argued|wrote|asked?|told|wonder|has it)\b/i,
  /\b(?!(?:I|we|have|has|had|just|already)\b)\w+ (?:said|wrote|claimed)\b/i,
  /\b(?:is|was|been) (?:\w+ )?(?:said|claimed|believed|rumou?red)\b/i,
  /\b(?:can(?:not|'t| not)|could(?:n't| not)|unable to|won't|will not|would(?: rather)? not|rather not) (?:\w+ )?(?:confirm|say|tell|judge|verify|comment|vouch|rule)\b/i,
  /\b(?:I|we)\b.{0,20}(?:not|n't) (?:\w+ )?(?:sure|certain|know|in a position)\b|\bunsure\b|\buncertain\b/i,
  /\bnot (?:\w+ ){0,2}(?:my|our)(?: own)? (?:view|opinion|position)\b/i,
];

const DISCLAIMER =
  /\b(?:what follows|the following|the above|this text|these (?:words|lines)|the text below)\b.*\b(?:not|n't) (?:\w+ ){0,2}(?:my|our)(?: own)? (?:view|opinion|position)\b/i;

/** Whether a sentence says that the text around it is not the speaker's own view. */
export function isDisclaimer(sentence: string): boolean {
  return DISCLAIMER.test(sentence);
}

/**
 * The parts of a sentence that its speaker asserts, cut at commas, colons and contrasts such as "but". A
 * hedge takes out its own clause if that bears the claim ("some say that X, but Y"), else what follows it up to
 * the next contrast ("as the poster says, X"). A question asserts nothing.
 *
 * @param claim what the sentence is compared with: a hedge that is part of the claim does not count as one
 * @param bearsClaim tells whether a clause speaks about the matter at hand
 */
export function assertedClauses(
  sentence: string,
  claim: string,
  bearsClaim: (clause: string) => boolean,
): readonly string[] {
  if (/\?['’)]*$/.test(sentence)) return [];
  const hedges = HEDGES.filter((hedge) => !hedge.test(claim));
  const plain = IDIOMS.reduce(
    (text, [idiom, meaning]) => text.replaceAll(idiom, meaning),
    sentence,
  );
  return plain.split(CONTRAST).flatMap((segment) => {
    let disowned = false;
    return segment.split(CLAUSE_END).filter((clause) => {
      if (!hedges.some((hedge) => hedge.test(clause))) return !disowned;
      disowned ||= !bearsClaim(clause);
      return false;
    });
  });
}

const CONTRAST = /;|, yet\b|\b(?:but|however|although|though|whereas)\b/i;
const CLAUSE_END =
  /[,:()](?=\s|$)|\s[–—-]\s|—|\b(?:because|since|while)\b|\band (?=(?:not|no|never)\b)/i;
