import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transform, transformSync, version } from 'esbuild';

const SELF = readFileSync(import.meta.filename, 'utf8');

/** @param {string} file @returns {import('esbuild').TransformOptions} */
const optionsFor = (file) => ({
  loader: 'ts',
  format: 'esm',
  target: 'node20.20',
  sourcemap: 'external',
  sourcefile: file,
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
});

/** Node wants to be told that it imports JSON; the bundler, for which the sources are written, does not. */
const withJsonType = (source) =>
  source.replaceAll(/( from '[^']+\.json')(?=;)/g, "$1 with { type: 'json' }");

/** Takes the types off TypeScript for jest. @type {import('@jest/transform').Transformer} */
export default {
  process: (source, file) => transformSync(withJsonType(source), optionsFor(file)),
  processAsync: (source, file) => transform(withJsonType(source), optionsFor(file)),
  getCacheKey: (source, file) =>
    createHash('sha256')
      .update(JSON.stringify([SELF, version, optionsFor(file), source]))
      .digest('hex'),
};
