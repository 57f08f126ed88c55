/**
 * The prompt under test as it is sent and hashed. Line ends are LF whatever the checkout made of them, and a blank
 * prompt makes the same requests as none.
 *
 * @param text the content of the file
 */
export function readPromptText(text: string): string | undefined {
  const prompt = text.replaceAll(/\r\n?/g, '\n').trim();
  return prompt === '' ? undefined : prompt;
}
