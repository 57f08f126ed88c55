/**
 * The prompt under test as it is sent and hashed. Line ends are LF, whichever the checkout has, and a blank
 * prompt makes the same requests as none.
 *
 * @param text the content of the file
 */
export function readPromptText(text: string): string | undefined {
  const prompt = text.replaceAll(/\r\n?/g, '\n').trim();
  return prompt === '' ? undefined : prompt;
}
