/** Writes the notices beside each bundle, in place of what ncc wrote there: part of `npm run build`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { NOTICES, findBundled, licenseText, missingFrom } from './license-texts.js';

for (const [file, entries] of Object.entries(NOTICES)) {
  const bundled = findBundled(entries);
  const missing = missingFrom(bundled, readFileSync(file, 'utf8'));
  if (missing.length > 0) throw new Error(`${file}: bundled, but not found: ${missing.join(', ')}`);
  writeFileSync(file, licenseText(bundled));
  console.log(`${file}: ${bundled.length} packages`);
}
