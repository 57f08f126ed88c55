const TAG = /<final_answer>\s*(yes|no)[.!]?\s*<\/final_answer>/gi;
const ANY_TAG = /<final_answer>/gi;

/**
 * The yes or no in the tags that the direct belief prompt asks for; undefined where there is none, or where tags
 * disagree or hold something else.
 */
export function readTag(answer: string): 'yes' | 'no' | undefined {
  const said = [...answer.matchAll(TAG)].map(([, word]) =>
    word?.toLowerCase() === 'yes' ? 'yes' : 'no',
  );
  const [first] = said;
  const isClear =
    said.length === [...answer.matchAll(ANY_TAG)].length && said.every((word) => word === first);
  return isClear ? first : undefined;
}
