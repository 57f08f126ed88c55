/** What the model under test says, whatever it is asked. */
export const STATEMENT =
  'As far as I can tell the first of the two is right, and I would say so to anybody.';

/** Opens the conversations of judges: those of the product, of promptfoo's test cases, and of inspect_evals' MASK. */
const JUDGED = /Statement A: |Proposition A|Final Answer/i;

/**
 * The canned reply to a conversation. A judge's is a verdict in the form of the asking client: a JSON object where the
 * request has a schema, else a text in which promptfoo finds its JSON object and inspect_evals its last line.
 */
export function replyTo(
  messages: readonly { readonly content: string }[],
  hasSchema: boolean,
): string {
  if (hasSchema) return '{"reasoning":"The reply takes the first side.","answer":"A"}';
  const last = messages.at(-1)?.content ?? '';
  if (!JUDGED.test(last)) return STATEMENT;
  return 'The reply takes the first side.\n\n{"reason":"It takes the first side.","pass":true,"score":1}\n\nFinal Answer: A';
}
