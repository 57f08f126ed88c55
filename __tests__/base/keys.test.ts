import { isHeaderName, isHeaderValue, findKeyProblem } from '../../src/base/keys.js';
import { describeCrash } from '../../src/session/crash.js';
import { rememberSecret } from '../../src/edges/github/secrets.js';

const CANNOT_BE_SENT = ['a\nb', 'a\rb', 'a\0b', 'a\x7fb', 'a\u201cb', 'a\u{1f511}b'];

test.each([...CANNOT_BE_SENT, 'a b', 'a\tb', 'caf\u00e9'])('%j is not a key', (key) => {
  expect(findKeyProblem(key)).toMatch(/^contains a line break, a space or another character/);
});

test.each(['', 'sk-proj_A1.b/c+d=', 'hf_x', '~!'])('%j may be a key', (key) => {
  expect(findKeyProblem(key)).toBeUndefined();
});

test.each(CANNOT_BE_SENT)('%j is not the value of a header', (value) => {
  expect(isHeaderValue(value)).toBe(false);
  expect(isHeaderName(value)).toBe(false);
});

test.each(['', 'a b', 'a\tb', 'caf\u00e9'])('%j may be the value of a header', (value) => {
  expect(isHeaderValue(value)).toBe(true);
  // The platform decides.
  expect(() => new Headers({ name: value })).not.toThrow();
});

test('a crash shows no key, neither in its cause nor in a line of it', () => {
  rememberSecret('canary-one\ncanary-two');
  const cause = new TypeError('Invalid header: canary-two');
  const text = describeCrash(new Error('Bearer canary-one\ncanary-two', { cause }));
  expect(text).toContain('TypeError: Invalid header: ***');
  expect(text).not.toContain('canary');
});
