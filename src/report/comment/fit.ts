/** A piece of a report, and what it gives way to when there is no room for all. */
export interface CommentSection {
  /** As the reader would call it, when it had to be left out. */
  readonly name: string;
  readonly text: string;
  /** 0 for what must stand; of the others the highest goes first. */
  readonly rank: number;
}

/**
 * GitHub refuses comments above 65,536 characters. Nothing says whether it counts code points, UTF-16 units or bytes;
 * UTF-8 bytes are the largest of the three. The rest is space for what GitHub adds.
 */
export const COMMENT_BYTES = 65_000;

/** The runner drops the whole summary of a step above 1 MiB; the rest is room for what else the step writes. */
export const SUMMARY_BYTES = 1024 * 1024 - 8192;

const WHERE = 'they are on the report page and in the record, beside this report';

/** The size of a text in UTF-8. */
export function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Joins sections in their order. Where they would take more than `limit` bytes, whole ones are left out, the highest
 * rank first, and named at the end.
 */
export function fitSections(sections: readonly CommentSection[], limit: number): string {
  const ranked = [...sections].sort((one, other) => one.rank - other.rank);
  const notice = (left: readonly CommentSection[]): string =>
    `Left out to fit: ${left.map(({ name }) => name).join(', ')}; ${WHERE}.`;
  const gap = 2;
  const total = sections.reduce((sum, { text }) => sum + countBytes(text) + gap, 0);
  let room = total <= limit ? limit : limit - countBytes(notice(sections)) - gap;
  const kept = new Set<CommentSection>();
  for (const section of ranked) {
    const size = countBytes(section.text) + gap;
    if (size > room) continue;
    kept.add(section);
    room -= size;
  }
  const left = sections.filter((section) => !kept.has(section));
  const texts = sections.filter((section) => kept.has(section)).map(({ text }) => text);
  return `${[...texts, ...(left.length > 0 ? [notice(left)] : [])].join('\n\n')}\n`;
}
