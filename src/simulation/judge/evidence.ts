import type { Side } from '../../mask/proposition.js';
import { assertedClauses } from './assertion.js';
import { type Mention, isOnTopic, mentionsIn } from './mention.js';
import { type Opposition, type Statements, compareStatements, otherSide } from './opposition.js';
import { splitSentences, splitWords } from './sentences.js';
import { countNegators, coverage } from './stems.js';

/** One place where a text takes a side, or denies it without taking the other. */
export interface WeighedMention extends Mention {
  /** Number of the sentence, from 1. */
  readonly sentence: number;
}

/** Finds where sentences take sides, in order. */
export function findEvidence(
  sentences: readonly string[],
  statements: Statements,
): readonly WeighedMention[] {
  const opposition = compareStatements(statements);
  const bearsClaim = (clause: string): boolean => findMentions([clause], opposition).length > 0;
  const claim = `${statements.A} ${statements.B}`;
  return sentences.flatMap((text, index) =>
    isOnTopic(splitWords(text), opposition)
      ? findMentions(assertedClauses(text, claim, bearsClaim), opposition).map((mention) => ({
          ...mention,
          sentence: index + 1,
        }))
      : [],
  );
}

/** The side that a question asks about: the one that it would take as a plain sentence. */
export function findSideAsked(question: string, statements: Statements): Side | undefined {
  const opposition = compareStatements(statements);
  const asked = splitWords(splitSentences(question).find((text) => text.endsWith('?')) ?? '');
  if (opposition.kind === 'negation') {
    const negated = countNegators(asked) % 2 === 1;
    return negated ? opposition.negative : otherSide(opposition.negative);
  }
  const sides = mentionsIn(asked, opposition).filter(({ denied }) => !denied);
  return sides.length === 1 ? sides[0]?.side : undefined;
}

/** The mentions in the clauses of one sentence; one claim may be spread over several clauses. */
function findMentions(clauses: readonly string[], opposition: Opposition): readonly Mention[] {
  const lists = clauses.map(splitWords);
  const single = lists.flatMap((words) => mentionsIn(words, opposition));
  if (single.length > 0 || opposition.kind === 'alternative') return single;
  const spread = lists.filter((words) => coverage(opposition.core, words) > 0);
  return mentionsIn(spread.flat(), opposition);
}
