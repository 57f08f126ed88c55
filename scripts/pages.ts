import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

const SCRIPTS = ['report', 'trend'] as const;

/**
 * What the pages carry inside: the bundled scripts of src/pages/client and the style, each with the hash by which the
 * page's policy knows it. JSON.
 */
export function pageAssets(): string {
  const scripts = SCRIPTS.map((name) => [name, hashed(bundle(`src/pages/client/${name}.ts`))]);
  const assets = {
    style: hashed(bundle('src/pages/style.css')),
    scripts: Object.fromEntries(scripts) as object,
  };
  return `${JSON.stringify(assets, null, 2)}\n`;
}

// By its command line: its library wants to run from its own folder, and this file is bundled by `npm run docs`.
function bundle(entry: string): string {
  const flags = [
    '--bundle',
    '--minify',
    '--format=iife',
    '--target=es2022',
    '--legal-comments=none',
  ];
  const style = ['--bundle', '--minify', '--target=esnext', '--charset=utf8'];
  const chosen = entry.endsWith('.css') ? style : flags;
  return execFileSync('node_modules/.bin/esbuild', [entry, ...chosen], {
    encoding: 'utf8',
  }).trim();
}

function hashed(code: string): { readonly code: string; readonly hash: string } {
  if (/<\/(script|style)|<!--/i.test(code)) throw new Error('the code would end its own element');
  return { code, hash: `sha256-${createHash('sha256').update(code).digest('base64')}` };
}
