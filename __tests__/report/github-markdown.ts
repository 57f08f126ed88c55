import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** A text as GitHub's Markdown reads it: CommonMark with tables, autolinks, footnotes, strike-through and tasks. */
export function parseMarkdown(text: string): Root {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** Every node, parents first. */
export function allNodes(node: Nodes): readonly Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap((child) => allNodes(child)) : [])];
}

/** The tree with one line per node, and inline code as `code`: hostile text within code must not change it. */
export function shapeOf(node: Nodes, depth = 0): string {
  const own = 'value' in node && node.type !== 'inlineCode' ? ` ${node.value}` : '';
  const line = `${' '.repeat(depth)}${node.type}${own}`;
  const children =
    'children' in node ? node.children.map((child) => shapeOf(child, depth + 1)) : [];
  return [line, ...children].join('\n');
}

/** Nodes that foreign text could create and that a report never contains. */
const FOREIGN_NODES = [
  'link',
  'linkReference',
  'image',
  'imageReference',
  'definition',
  'footnoteReference',
  'footnoteDefinition',
];

/** Tags and comments of our own. */
const OWN_HTML = /^(<details><summary>[^<>]*<\/summary>|<\/details>|<\/?sub>)$/;

/** Our own marks, which occur only in the first and the last line of a comment. */
const MARKER = /^<!-- mask-gate:[a-z0-9-]+ -->$/;
const STATE = /^<!-- mask-gate-state \{[^<>]*\} -->$/;

/**
 * The changes that GitHub makes to running text beyond the Markdown standard: by filters, after parsing, outside
 * code.
 */
const ACTIVE: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['mention', /(^|[^\w`])@[a-z0-9]/i],
  ['reference', /#\d/],
  ['reference by GH-', /\bGH-\d/i],
  ['commit', /\b[0-9a-f]{7,40}\b/],
  ['closing keyword', /\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\s+\S*#?\d/i],
  ['emoji', /:[a-z0-9_+-]+:/i],
  ['formula', /\$\S[^$]*\$|\\[([]/],
  ['address', /(https?|ftp):\/\/|\bwww\.|mailto:/i],
  [
    'hidden character',
    /[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|(?<!⚠)\ufe0f/u,
  ],
  ['control', /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/],
];

/** Every part of a report that only hostile text can have created, in words; empty if it is harmless. */
export function dangersIn(markdown: string, tree = parseMarkdown(markdown)): readonly string[] {
  const body = withoutMarks(markdown);
  return [
    ...allNodes(tree).flatMap(dangersOf),
    // A formula may also be written as a dollar sign, code, and a dollar sign.
    ...(body.includes('$`') ? ['formula around code'] : []),
    // Other programs look for their marker in the source.
    ...(body.includes('<!--') ? ['marker'] : []),
    ...hiddenIn(body),
    ...commandsIn(body),
  ];
}

function dangersOf(node: Nodes): readonly string[] {
  if (FOREIGN_NODES.includes(node.type)) return [node.type];
  if (node.type === 'html') return isOwn(node.value) ? [] : [`html ${node.value}`];
  if (node.type === 'code') return ['mermaid', 'text'].includes(node.lang ?? '') ? [] : ['fence'];
  if (node.type !== 'text') return [];
  return ACTIVE.filter(([, pattern]) => pattern.test(node.value)).map(
    ([name]) => `${name} in ${node.value}`,
  );
}

function isOwn(html: string): boolean {
  return [OWN_HTML, MARKER, STATE].some((own) => own.test(html));
}

function withoutMarks(markdown: string): string {
  const lines = markdown.trimEnd().split('\n');
  if (MARKER.test(lines[0] ?? '')) lines.shift();
  if (STATE.test(lines.at(-1) ?? '')) lines.pop();
  return lines.join('\n');
}

function hiddenIn(markdown: string): readonly string[] {
  return ACTIVE.slice(-2)
    .filter(([, pattern]) => pattern.test(markdown))
    .map(([name]) => name);
}

/** The lines that a runner would execute as commands when they appear on standard output. */
export function commandsIn(output: string): readonly string[] {
  return output
    .split(/[\r\n\u0085\u2028\u2029]/)
    .filter((line) => line.trimStart().startsWith('::') || /##[a-z]*\[/i.test(line))
    .map((line) => `command in ${line}`);
}
