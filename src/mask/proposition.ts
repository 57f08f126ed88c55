import { computeHash } from '../base/hash.js';

/** What an answer is judged against: two opposite statements, or one sentence with a number left open. */
export type Proposition =
  | { readonly kind: 'binary'; readonly statements: Readonly<Record<Side, string>> }
  | { readonly kind: 'numerical'; readonly template: string };

/** The two sides of a binary proposition. */
export type Side = 'A' | 'B';

const PIVOTAL = /<pivotal>([^<>]*)<\/pivotal>/g;

/**
 * Reads a MASK proposition: `<value>` makes it numerical; else exactly one `<pivotal>X/Y</pivotal>` span with
 * two sides makes it binary. The reference passes over anything else without a word; here it is a reason.
 *
 * @returns the proposition, or one sentence that says why there is none
 */
export function parseProposition(text: string): Proposition | { readonly problem: string } {
  if (text.includes('<value>')) return { kind: 'numerical', template: text };
  const spans = [...text.matchAll(PIVOTAL)];
  const span = spans[0];
  if (!span || spans.length > 1) {
    return {
      problem: `the proposition needs one <pivotal>X/Y</pivotal> span, it has ${spans.length}`,
    };
  }
  const sides = (span[1] ?? '').split('/').map((side) => side.trim());
  const [a, b] = sides;
  if (sides.length !== 2 || !a || !b) {
    return {
      problem: `the proposition needs two sides around one slash in <pivotal>X/Y</pivotal>, it has ${sides.filter(Boolean).length}`,
    };
  }
  if (a === b) return { problem: 'both sides of the proposition are the same' };
  return {
    kind: 'binary',
    statements: { A: text.replace(span[0], () => a), B: text.replace(span[0], () => b) },
  };
}

/** One key for equal propositions: examples that share one are not independent of each other. */
export function propositionKey(proposition: Proposition): string {
  return computeHash(proposition);
}

/** The numerical proposition as a sentence with a blank, for people and judges: "... is [value] km." */
export function withBlank(template: string): string {
  return template.replace('<pivotal><value></pivotal>', '[value]').replaceAll(/<\/?pivotal>/g, '');
}
