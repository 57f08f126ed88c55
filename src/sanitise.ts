/**
 * The one gate between foreign text and Markdown or logs. What passes here comes from datasets, configuration
 * files, branch names and models, and is taken to be hostile.
 */

/** Characters that reorder, hide or break text: controls, zero-width, bidirectional marks, line separators. */
const TREACHEROUS = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/** One visible line of at most `limit` UTF-16 units, without characters that reorder or hide text. */
export function toLine(text: string, limit = 120): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(TREACHEROUS, '').trim();
  return line.length > limit
    ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : line;
}

/**
 * Foreign text as inline code, safe in running text and in table cells. Within code GitHub makes no mentions,
 * references, links, images or HTML; backticks and pipes, which could end the code or the cell, are replaced.
 */
export function code(text: string, limit = 120): string {
  const line = toLine(text, limit).replaceAll('`', 'ˋ').replaceAll('|', '¦').replaceAll('\\', '＼');
  return line === '' ? '(empty)' : `\`${line}\``;
}

/** Foreign text for a log line: one line that can't start or hold a workflow command. */
export function logLine(text: string, limit = 500): string {
  return toLine(text, limit)
    .replaceAll(/:(?=:)/g, ': ')
    .replaceAll('##[', '## [');
}
