import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { GALLERY, SCREENSHOTS, galleryText, imageOf } from '../scripts/gallery-text.js';
import { VERDICTS } from '../src/gate/verdict.js';

// Pictures can't be compared byte by byte, so of them only their presence is held; the text follows from fixtures.
describe('the gallery', () => {
  const text = readFileSync(GALLERY, 'utf8');

  test('says what `npm run gallery -- --text` writes', () => {
    expect(text).toBe(galleryText());
  });

  test.each(VERDICTS)('shows a comment of the verdict %s', (verdict) => {
    expect(text).toMatch(new RegExp(`^## \`${verdict}\`: \\w`, 'm'));
  });

  test('has the pictures that it shows, and no others', () => {
    const shown = [...text.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, file]) => `docs/${file}`);
    expect(shown).toEqual(SCREENSHOTS.map(imageOf));
    const folder = 'docs/images/gallery';
    const there = readdirSync(folder).map((name) => path.posix.join(folder, name));
    expect(there.sort()).toEqual([...shown].sort());
    for (const file of shown) expect(statSync(file).size).toBeGreaterThan(5000);
  });
});
