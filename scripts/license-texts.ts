import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const PAGE_SCRIPTS = ['src/pages/client/report.ts', 'src/pages/client/trend.ts'];

/** The notices of each bundle, and the entries whose packages it holds: its own, and those of the pages it carries. */
export const NOTICES: Readonly<Record<string, readonly string[]>> = {
  'dist/licenses.txt': ['src/action.ts', ...PAGE_SCRIPTS],
  'dist/cli/licenses.txt': ['src/cli.ts', ...PAGE_SCRIPTS],
};

/** A package whose code is in a bundle, with what it says of its licence. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its package.json. */
  readonly license: string;
  /** Licence and notice files of the package, in the order of their names; empty where it has none. */
  readonly texts: readonly string[];
}

const PACKAGE = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()).optional(),
});
const LOCK = z.object({
  packages: z.record(z.string(), z.object({ license: z.string().optional() })),
});
const METAFILE = z.object({ inputs: z.record(z.string(), z.unknown()) });

/**
 * Every package from which the entries import a file, directly or not, and what those depend on, by name: d3-array is
 * published as one file with internmap inside, so files alone do not show it. A package too many does no harm.
 *
 * @param entries files such as src/cli.ts
 * @throws Error where a package states no licence
 */
export function findBundled(entries: readonly string[]): readonly Bundled[] {
  const folders = new Set(filesOf(entries).flatMap((file) => folderOf(file) ?? []));
  // A set also visits what is added to it on the way.
  for (const folder of folders)
    for (const dependency of Object.keys(readPackage(folder).dependencies ?? {}))
      folders.add(locate(dependency, folder));
  return [...folders].map(readBundled).sort((a, b) => compare(labelOf(a), labelOf(b)));
}

function filesOf(entries: readonly string[]): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'mask-gate-licenses-'));
  const list = path.join(folder, 'files.json');
  const flags = ['--bundle', '--platform=node', '--format=esm', '--log-level=error'];
  const output = [`--outdir=${folder}`, `--metafile=${list}`];
  execFileSync('node_modules/.bin/esbuild', [...entries, ...flags, ...output]);
  const { inputs } = METAFILE.parse(JSON.parse(readFileSync(list, 'utf8')));
  rmSync(folder, { recursive: true });
  return Object.keys(inputs);
}

/** The folder of the package that a file belongs to; undefined for a file of ours. */
function folderOf(file: string): string | undefined {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** Where a package finds another one: in its own folder, or in one of those above. */
function locate(dependency: string, from: string): string {
  const folder = path.join(from, 'node_modules', dependency);
  if (existsSync(folder)) return folder;
  if (from === '.') throw new Error(`${dependency} is not installed`);
  return locate(dependency, path.dirname(from));
}

function readBundled(folder: string): Bundled {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort(compare).map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return { ...readPackage(folder), texts };
}

function readPackage(folder: string): z.infer<typeof PACKAGE> {
  return PACKAGE.parse(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')));
}

/**
 * The packages in a list of ncc (name, licence and text, one below the other) that are not among those found; none
 * once the list is ours.
 */
export function missingFrom(found: readonly Bundled[], list: string): readonly string[] {
  const names = new Set(found.map(({ name }) => name));
  const lock: unknown = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries(LOCK.parse(lock).packages).flatMap(([folder, { license }]) => {
    const name = folder.replace(/^.*node_modules\//, '');
    const isListed = `\n${list}`.includes(`\n${name}\n${license ?? ''}\n`);
    return isListed && !names.has(name) ? [name] : [];
  });
}

/**
 * The notices of a bundle: each licence text once, below the packages that it applies to.
 *
 * @throws Error where a package has no licence file, and its licence has no standard text here
 */
export function licenseText(packages: readonly Bundled[]): string {
  const groups = new Map<string, Set<string>>();
  for (const one of packages)
    for (const text of textsOf(one))
      groups.set(text, (groups.get(text) ?? new Set()).add(labelOf(one)));
  const parts = [...groups].map(([text, labels]) => `${[...labels].join('\n')}\n\n${text}\n`);
  return `This bundle holds code of the packages below, each under the text that follows it.\n\n${parts.join(RULE)}`;
}

const RULE = `\n${'-'.repeat(80)}\n\n`;

function labelOf({ name, version, license }: Bundled): string {
  return `${name} ${version} (${license})`;
}

function textsOf(one: Bundled): readonly string[] {
  if (one.texts.length > 0) return one.texts.map(tidied);
  const standard = STANDARD_TEXTS[one.license];
  if (standard === undefined)
    throw new Error(`${one.name}: no licence file, and no standard text of ${one.license}`);
  return [tidied(standard)];
}

/** The same text, whatever its line ends, its margins and its last line are. */
function tidied(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Standard texts of the SPDX list, for packages without a file. */
const STANDARD_TEXTS: Readonly<Record<string, string>> = {
  MIT: `MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  ISC: `ISC License

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
};
