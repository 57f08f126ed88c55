import { type Content, type Markup, element } from './element.js';

/**
 * The sentences of the comment as elements: paragraphs, lists, inline code and bold, which is all that they use. What
 * else looks like Markdown or HTML stays text.
 */
export function prose(markdown: string): readonly Markup[] {
  return markdown
    .replaceAll(/<\/?sub>/g, '')
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== '')
    .flatMap(toBlock);
}

function toBlock(text: string): readonly Markup[] {
  const lines = text.split('\n');
  const items = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  const words = lines.filter((line) => !line.startsWith('- ')).join(' ');
  return [
    ...(words.trim() === '' ? [] : [element('p', {}, inline(words))]),
    ...(items.length > 0
      ? [element('ul', { class: 'plain' }, ...items.map((item) => element('li', {}, inline(item))))]
      : []),
  ];
}

/** Inline code and bold words of one line. */
export function inline(text: string): readonly Content[] {
  return text.split(/(`[^`]+`|\*\*[^*`]+\*\*)/).map((part) => {
    if (/^`[^`]+`$/.test(part)) return element('code', {}, part.slice(1, -1));
    if (/^\*\*[^*`]+\*\*$/.test(part)) return element('strong', {}, part.slice(2, -2));
    return part;
  });
}
