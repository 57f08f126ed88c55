import { findJson } from './loose-json.js';
import { type ReasoningTag, splitReasoning, tagPattern } from './reasoning.js';

/** What a judge says: its reply without reasoning, and out of the quotation marks that are around all of it. */
export function visibleText(reply: string, tags: readonly ReasoningTag[]): string {
  const { visible } = splitReasoning(reply, tags);
  return withoutBlocks(unquote(visible), tags);
}

/** A reply that is one JSON text, or one quotation or code span of an object, is read as its content. */
function unquote(text: string): string {
  const inner = text.replaceAll(/[`~]{3,}(?:json)?/gi, '').trim();
  const [, , object] = /^(["'`])\s*(\{[^]*\})\s*\1$/.exec(inner) ?? [];
  const isWhole = object !== undefined && findJson(object)[0]?.end === object.length;
  return decodeText(inner) ?? (isWhole ? object : text);
}

function decodeText(text: string): string | undefined {
  if (!text.startsWith('"') || !text.endsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes off the blocks of reasoning that do not begin the reply, and all before a closing tag that nothing opened: the
 * chat template opened that block. A tag inside a JSON object is a quotation.
 */
function withoutBlocks(text: string, tags: readonly ReasoningTag[]): string {
  let kept: string[] = [];
  let end = 0;
  let opened: FoundTag | undefined;
  for (const found of tagsOutsideObjects(text, tags)) {
    if (found.isOpening) {
      opened ??= found;
    } else if (!opened) {
      kept = [];
      end = found.end;
    } else if (opened.tag === found.tag) {
      kept.push(text.slice(end, opened.start));
      end = found.end;
      opened = undefined;
    }
  }
  return [...kept, text.slice(end)].join('\n');
}

interface FoundTag {
  /** Place of its pair in the list. */
  readonly tag: number;
  readonly isOpening: boolean;
  readonly start: number;
  readonly end: number;
}

function tagsOutsideObjects(text: string, tags: readonly ReasoningTag[]): readonly FoundTag[] {
  const patterns = tags.flatMap(({ open, close }) => [tagPattern(open), tagPattern(close)]);
  if (patterns.length === 0) return [];
  const anyTag = new RegExp(patterns.map((pattern) => `(${pattern})`).join('|'), 'giu');
  const found = [...text.matchAll(anyTag)].map((match): FoundTag => {
    const group = match.indexOf(match[0], 1) - 1;
    const end = match.index + match[0].length;
    return { tag: Math.floor(group / 2), isOpening: group % 2 === 0, start: match.index, end };
  });
  return found.length === 0 ? found : withoutQuoted(found, text);
}

function withoutQuoted(found: readonly FoundTag[], text: string): readonly FoundTag[] {
  const objects = findJson(text);
  let next = 0;
  return found.filter(({ start }) => {
    while ((objects[next]?.end ?? Infinity) <= start) next += 1;
    return (objects[next]?.start ?? Infinity) > start;
  });
}
