import { readFileSync } from 'node:fs';
import {
  type Bundled,
  NOTICES,
  findBundled,
  licenseText,
  missingFrom,
} from '../../scripts/license-texts.js';

const RULE = /^-{80}$/m;

function makePackage(name: string, license: string, ...texts: readonly string[]): Bundled {
  return { name, version: '1.2.3', license, texts };
}

describe.each(Object.entries(NOTICES))('%s', (file, entries) => {
  const text = readFileSync(file, 'utf8');
  const bundled = findBundled(entries);

  test('is what `npm run build:licenses` writes', () => {
    expect(text).toBe(licenseText(bundled));
  });

  test('names each package of the bundle and of the scripts in its pages, with its version', () => {
    const names = bundled.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['zod', 'openai', 'd3-scale', 'internmap']));
    for (const { name, version } of bundled) expect(text).toContain(`\n${name} ${version} (`);
  });

  test('has each text once, and is small', () => {
    const parts = text.split(RULE).map((part) => part.replace(/^(.+ \(.+\)\n)+/m, '').trim());
    expect(parts.length).toBeGreaterThan(5);
    expect(new Set(parts).size).toBe(parts.length);
    expect(text.length).toBeLessThan(100_000);
  });
});

describe('the notices', () => {
  test('join packages of one text, however its lines end', () => {
    const text = licenseText([
      makePackage('one', 'MIT', 'Free.\r\n\r\n\r\nAs is. \r\n'),
      makePackage('two', 'ISC', 'Other.'),
      makePackage('one', 'MIT', 'Free.\n\nAs is.'),
      makePackage('three', 'MIT', 'Free.\n\nAs is.'),
    ]);
    expect(text).toContain('\none 1.2.3 (MIT)\nthree 1.2.3 (MIT)\n\nFree.\n\nAs is.\n');
    expect(text.match(/Free/g)).toHaveLength(1);
  });

  test('give a licence and a notice both', () => {
    const text = licenseText([makePackage('one', 'Apache-2.0', 'Licence.', 'Notice.')]);
    expect(text.match(/one 1\.2\.3/g)).toHaveLength(2);
    expect(text).toContain('Notice.');
  });

  test('give the standard text where a package has no file, and refuse where there is none', () => {
    expect(licenseText([makePackage('bare', 'ISC')])).toContain('bare 1.2.3 (ISC)\n\nISC License');
    expect(() => licenseText([makePackage('bare', 'Odd-1.0')])).toThrow('bare: no licence file');
  });

  test('miss what ncc lists and was not found', () => {
    const found = [makePackage('zod', 'MIT', 'Free.')];
    expect(missingFrom(found, 'zod\nMIT\nFree.\n\nopenai\nApache-2.0\nText.')).toEqual(['openai']);
    expect(missingFrom(found, licenseText(found))).toEqual([]);
  });
});
