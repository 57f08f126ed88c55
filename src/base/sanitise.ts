/**
 * The one gate between foreign text and Markdown, XML or logs. What passes here comes from datasets, configuration
 * files, branch names and models, and is taken to be hostile.
 */

/** Characters that reorder, hide or break text: controls, zero-width, bidirectional marks, variation selectors. */
const TREACHEROUS =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;

/** More marks on one letter than any script needs reach over the lines around it. */
const TOWERING = /(\p{M}{4})\p{M}+/gu;

/** What a runner takes for a command anywhere in a line: `##[`, `##vso[`, `##teamcity[`. */
const COMMAND = /##(?=[a-z]*\[)/gi;

/** One visible line of at most `limit` UTF-16 units, without characters that reorder or hide text. */
export function toLine(text: string, limit = 120): string {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(TREACHEROUS, '')
    .replaceAll(TOWERING, '$1')
    .trim();
  return line.length > limit
    ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : line;
}

/**
 * Foreign text as inline code, safe in running text and in table cells. Within code GitHub makes no mentions,
 * references, links, images, emoji, formulas or HTML; backticks and pipes, which could end the code or the cell, are
 * replaced, and so is what other programs would find in the source of a comment: markers and workflow commands.
 */
export function code(text: string, limit = 120): string {
  const line = toLine(text, limit)
    .replaceAll('`', 'ˋ')
    .replaceAll('|', '¦')
    .replaceAll('\\', '＼')
    .replaceAll('<!--', '‹!--')
    .replaceAll(COMMAND, '#＃')
    // A dollar sign and a backtick together begin or end a formula.
    .replaceAll(/^\$|\$$/g, '＄');
  return line === '' ? '(empty)' : `\`${line}\``;
}

/** Foreign text for a log line: one line that can't start or hold a workflow command. */
export function logLine(text: string, limit = 500): string {
  return withoutCommands(toLine(text, limit).replaceAll(/:(?=:)/g, ': '));
}

/**
 * A whole text for standard output, where a runner reads every line: without commands of GitHub (`::name::` at the
 * start of a line, `##[name]` anywhere), of Azure Pipelines (`##vso[`) and of TeamCity (`##teamcity[`).
 */
export function withoutCommands(text: string): string {
  return text.replaceAll(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1: ').replaceAll(COMMAND, '## ');
}

/** What XML 1.0 forbids even as a reference: almost all controls, halves of surrogate pairs, two noncharacters. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const XML_REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  // Parsers of XML 1.1 read these as line ends, too.
  '\u0085': '&#133;',
  '\u2028': '&#8232;',
};

/** Foreign text within an element or a quoted attribute of XML, without characters that XML forbids. */
export function xmlText(text: string): string {
  return text
    .replaceAll(NOT_XML, '')
    .replaceAll(/[&<>"\r\u0085\u2028]/g, (character) => XML_REFERENCES[character] ?? '');
}
