/** Writes every generated file: `npm run docs`. `contract.test.ts` fails when one is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.js';

for (const [file, text] of generatedFiles((path) => readFileSync(path, 'utf8'))) {
  writeFileSync(file, text);
  console.log(file);
}
