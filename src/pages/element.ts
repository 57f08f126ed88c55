/**
 * Pages are trees of plain data. One tree serves both ends: it is written as HTML when a file is made, and built as
 * nodes when a page changes under the reader's hands (client/dom.ts). Text stays text in either.
 */
export interface Markup {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Content[];
}

/** `true` is an attribute without a value; what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

export type Content = Markup | string | undefined | readonly Content[];

/** One element with its children. Neither styles nor handlers as attributes: the page's policy refuses them. */
export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly Content[]
): Markup {
  return { tag, attributes, children };
}

const VOID = new Set(['br', 'input', 'link', 'meta']);

/** Writes a tree as HTML, or as SVG. The only place where text becomes markup. */
export function toHtml(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escapeHtml(content);
  if (isList(content)) return content.map(toHtml).join('');
  const { tag, attributes, children } = content;
  const list = Object.entries(attributes).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value === true ? [` ${name}`] : [` ${name}="${escapeHtml(String(value))}"`];
  });
  const open = `<${tag}${list.join('')}>`;
  return VOID.has(tag) ? open : `${open}${children.map(toHtml).join('')}</${tag}>`;
}

export function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
