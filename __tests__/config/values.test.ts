import type { Config } from '../../src/config/config.js';
import { matchesBranch, normalisePath } from '../../src/config/values.js';
import { LEAST, parseSettings, withKey } from './settings.js';
import { draws, fc } from '../properties.js';

describe("a path has one form, for the disk and for GitHub's API", () => {
  test.each([
    ['evals/rows.csv', 'evals/rows.csv'],
    ['./evals/rows.csv', 'evals/rows.csv'],
    ['evals//rows.csv', 'evals/rows.csv'],
    ['evals/', 'evals'],
    ['evals/./x/../rows.csv', 'evals/rows.csv'],
    ['.mask-gate', '.mask-gate'],
    ['..notes/a.md', '..notes/a.md'],
    ['.', '.'],
    ['evals/..', '.'],
  ])('%s is %s', (path, normal) => {
    expect(normalisePath(path)).toBe(normal);
  });

  test.each([
    ['../rows.csv', '../rows.csv'],
    ['evals/../../rows.csv', '../rows.csv'],
    ['../../x', '../../x'],
    ['/etc/./passwd', '/etc/passwd'],
  ])('%s leads out, and %s still does', (path, normal) => {
    expect(normalisePath(path)).toBe(normal);
  });

  test('property: normalising twice is the same as once', () => {
    const segments = fc.constantFrom('a', 'b.csv', '.', '..', '', '.git', '...');
    fc.assert(
      fc.property(fc.array(segments), (path) => {
        const normal = normalisePath(path.join('/'));
        expect(normalisePath(normal)).toBe(normal);
        expect(normal).toMatch(/^(\.|\/?(\.\.\/)*(?:[^/]+\/)*[^/]+|\/\.?)$/);
      }),
      { numRuns: draws(1000) },
    );
  });

  test.each([
    ['target.system-prompt', (config: Config) => config.target.systemPromptPath],
    ['dataset.source', (config: Config) => config.dataset.source],
    ['baseline.path', ({ baseline }: Config) => 'path' in baseline && baseline.path],
  ])('%s takes it', (key, pathOf) => {
    const { config, problems } = parseSettings(withKey(key, './a//b/../c.md', LEAST));
    expect(problems).toEqual([]);
    expect(pathOf(config)).toBe('a/c.md');
  });
});

describe('a pattern of branches', () => {
  test.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'not/main', false],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release/1/2', false],
    ['release/*', 'release', false],
    ['release/**', 'release/1/2', true],
    ['v*.x', 'v1.x', true],
    ['v*.x', 'v1yx', false],
    ['**', 'anything/at/all', true],
  ])('%s for %s: %s', (pattern, branch, expected) => {
    expect(matchesBranch(pattern, branch)).toBe(expected);
  });
});
