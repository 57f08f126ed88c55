import assets from '../../data/pages.json' with { type: 'json' };
import { type Content, element, toHtml } from './element.js';

interface Page {
  readonly title: string;
  readonly script: keyof typeof assets.scripts;
  /** What the script works on. It goes into the page as JSON. */
  readonly data: unknown;
  /** What it reads only when it is needed: JSON from `embed`. */
  readonly texts?: string;
  readonly header: Content;
  readonly main: Content;
}

/**
 * A whole page in one file. Its policy lets nothing run but our own script and style, known by their hashes, and
 * nothing be fetched, so that a text that slipped through could still do nothing.
 */
export function page({ title, script, data, texts, header, main }: Page): string {
  const { code, hash } = assets.scripts[script];
  const policy = [
    "default-src 'none'",
    `script-src '${hash}'`,
    `style-src '${assets.style.hash}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    toHtml([
      element('meta', { charset: 'utf-8' }),
      element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      element('meta', { name: 'referrer', content: 'no-referrer' }),
      element('link', { rel: 'icon', href: 'data:,' }),
      element('title', {}, title),
    ]),
    `<style>${assets.style.code}</style>`,
    '</head>',
    '<body>',
    toHtml([
      element('a', { class: 'skip', href: '#main' }, 'Skip to the content'),
      element(
        'header',
        { class: 'top' },
        header,
        element('button', { id: 'theme', type: 'button', hidden: true }, 'Theme'),
      ),
      element('main', { id: 'main', tabindex: '-1' }, main),
      element(
        'footer',
        {},
        'Made by MASK Gate. This file is complete in itself: it loads nothing and sends nothing.',
      ),
    ]),
    `<script type="application/json" id="data">${embed(data)}</script>`,
    ...(texts === undefined
      ? []
      : [`<script type="application/json" id="texts">${texts}</script>`]),
    `<script>${code}</script>`,
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

/** JSON that can't end the element around it, nor open another. */
export function embed(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}
