import { readFileSync } from 'node:fs';
import { generatedFiles } from '../../scripts/generated.js';

const read = (file: string): string => readFileSync(file, 'utf8');

// In this lane, as the scripts of the pages are bundled by the program of esbuild.
test.each([...generatedFiles(read)])('%s is what npm run docs writes', (file, text) => {
  expect(read(file)).toBe(text);
});
