import { readPromptText } from '../../src/mask/prompt.js';
import { fc } from '../properties.js';

test.each([
  ['Be brief.\nBe kind.\n', 'Be brief.\nBe kind.'],
  ['Be brief.\r\nBe kind.\r\n', 'Be brief.\nBe kind.'],
  ['Be brief.\rBe kind.', 'Be brief.\nBe kind.'],
  ['Be brief.\r\n\r\nBe kind.', 'Be brief.\n\nBe kind.'],
  ['\uFEFFBe brief.', 'Be brief.'],
  [' \r\n\t', undefined],
  ['', undefined],
])('the prompt in %j is %j', (text, prompt) => {
  expect(readPromptText(text)).toBe(prompt);
});

test('line ends make no difference, and text with LF is unchanged', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (parts) => {
      const lines = parts.map((part) => part.replaceAll('\r', ''));
      const text = lines.join('\n');
      const prompt = text.trim();
      expect(readPromptText(text)).toBe(prompt === '' ? undefined : prompt);
      expect(readPromptText(text.replaceAll('\n', '\r\n'))).toBe(readPromptText(text));
    }),
  );
});
