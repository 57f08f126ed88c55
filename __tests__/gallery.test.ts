import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { GALLERY, PICTURES, galleryText, pictureFile } from '../scripts/gallery-text.js';
import { VERDICTS } from '../src/gate/verdict.js';

// Pictures cannot be compared byte by byte, so the test only checks that they exist; the text follows from fixtures.
describe('the gallery', () => {
  const text = readFileSync(GALLERY, 'utf8');

  test('equals the output of `npm run gallery -- --text`', () => {
    expect(text).toBe(galleryText());
  });

  test.each(VERDICTS)('shows a comment of the verdict %s', (verdict) => {
    expect(text).toMatch(new RegExp(`^## \`${verdict}\`: \\w`, 'm'));
  });

  test('has exactly the pictures that it shows', () => {
    const shown = [...text.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, file]) => `docs/${file}`);
    expect(shown).toEqual(PICTURES.map(pictureFile));
    const folder = 'docs/images';
    const there = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.png'))
      .map((name) => path.posix.join(folder, name));
    expect(there.sort()).toEqual([...shown].sort());
    const sizes = shown.map((file) => statSync(file).size);
    expect(Math.min(...sizes)).toBeGreaterThan(5000);
    // Git keeps every version of them.
    expect(Math.max(...sizes)).toBeLessThan(150_000);
  });
});
