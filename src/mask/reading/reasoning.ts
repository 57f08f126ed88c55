/** What a model writes around its reasoning. */
export interface ReasoningTag {
  readonly open: string;
  readonly close: string;
}

/** Names of tags in angle brackets: `think` means `<think>` and `</think>`. */
const USUAL_NAMES = [
  'think',
  'thinking',
  'thought',
  'thoughts',
  'reason',
  'reasoning',
  'reflection',
  'analysis',
  'scratchpad',
  'cot',
  'inner_monologue',
  'internal_monologue',
  'inner_thoughts',
  'thinking_process',
  'thought_process',
  'seed:think',
  'mm:think',
  'longcat_think',
];

/** The tags that open models use in the text of a reply, as their chat templates have them. */
export const USUAL_REASONING_TAGS: readonly ReasoningTag[] = [
  ...USUAL_NAMES.map(namedTag),
  { open: '[THINK]', close: '[/THINK]' },
  { open: '[THINKING]', close: '[/THINKING]' },
  { open: '◁think▷', close: '◁/think▷' },
  { open: '<|think|>', close: '<|/think|>' },
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
  { open: '<|channel|>analysis<|message|>', close: '<|channel|>final<|message|>' },
  { open: '<|channel>thought', close: '<channel|>' },
  { open: '<unused94>thought', close: '<unused95>' },
];

/** The pair of tags of a plain name. */
export function namedTag(name: string): ReasoningTag {
  return { open: `<${name}>`, close: `</${name}>` };
}

/** How reasoning was found: in a block of its own at the start, or up to a closing tag that nothing in the reply opens. */
export const REASONING_FORMS = ['leading', 'prefilled'] as const;

export type ReasoningForm = (typeof REASONING_FORMS)[number];

export interface SplitReply {
  /** What a reader of the reply sees. */
  readonly visible: string;
  /** What was removed; undefined where there was no reasoning. */
  readonly reasoning?: { readonly form: ReasoningForm; readonly text: string };
}

/**
 * Takes the reasoning off the start of a reply. A block that is not closed is reasoning to the end. A block ends at
 * its first closing tag, as in the parsers of inference servers: what follows is visible, with all tags in it.
 */
export function splitReasoning(reply: string, tags: readonly ReasoningTag[]): SplitReply {
  const end = endOfLeading(reply, tags);
  return end > 0 ? cutAt(reply, end, 'leading') : { visible: reply };
}

/**
 * The same where the chat template opens the block itself, so that a reply holds its closing tag only. All before the
 * first closing tag is reasoning then, and all of a reply that was cut before it came to one.
 */
export function splitPrefilled(
  reply: string,
  tags: readonly ReasoningTag[],
  isCut: boolean,
): SplitReply {
  const end = endOfLeading(reply, tags);
  if (end > 0) return cutAt(reply, end, 'leading');
  const closing = endOfClosing(reply, tags) ?? (isCut ? reply.length : undefined);
  return closing === undefined ? { visible: reply } : cutAt(reply, closing, 'prefilled');
}

/** Whether a reply holds a closing tag that no block at its start explains. */
export function hasStrayClosing(reply: string, tags: readonly ReasoningTag[]): boolean {
  return endOfLeading(reply, tags) === 0 && endOfClosing(reply, tags) !== undefined;
}

function cutAt(reply: string, end: number, form: ReasoningForm): SplitReply {
  return {
    visible: reply.slice(end).replace(LEADING_SPACE, ''),
    reasoning: { form, text: reply.slice(0, end) },
  };
}

const LEADING_SPACE = /^[\s\p{Cf}]+/u;

/** Where the blocks end that a reply begins with; 0 where it begins with none. */
function endOfLeading(reply: string, tags: readonly ReasoningTag[]): number {
  const patterns = buildPatterns(tags);
  let end = 0;
  for (;;) {
    const rest = reply.slice(end);
    const pattern = patterns.find(({ opening }) => opening.test(rest));
    if (!pattern) return end;
    const opened = end + (pattern.opening.exec(rest)?.[0].length ?? 0);
    const closing = pattern.closing.exec(reply.slice(opened));
    if (!closing) return reply.length;
    end = opened + closing.index + closing[0].length;
  }
}

/** Where the first closing tag ends. */
function endOfClosing(text: string, tags: readonly ReasoningTag[]): number | undefined {
  const [first] = buildPatterns(tags)
    .map(({ closing }) => closing.exec(text))
    .filter((found) => found !== null)
    .sort((one, other) => one.index - other.index);
  return first && first.index + first[0].length;
}

interface TagPattern {
  /** At the very start, behind white space, marks without width, and the token that begins a turn. */
  readonly opening: RegExp;
  readonly closing: RegExp;
}

const compiled = new WeakMap<readonly ReasoningTag[], readonly TagPattern[]>();

/** The patterns of a list of tags. Each reply of a run asks for the same ones. */
function buildPatterns(tags: readonly ReasoningTag[]): readonly TagPattern[] {
  const known = compiled.get(tags);
  if (known) return known;
  const patterns = tags.map(({ open, close }) => ({
    opening: new RegExp(`^[\\s\\p{Cf}]*(?:<\\|start\\|>assistant)?${tagPattern(open)}`, 'iu'),
    closing: new RegExp(tagPattern(close), 'iu'),
  }));
  compiled.set(tags, patterns);
  return patterns;
}

/** The pattern of a tag. One in angle brackets may hold spaces and attributes: `<think >`, `<think effort="low">`. */
export function tagPattern(tag: string): string {
  const [, slash, name] = /^<(\/?)([\w:-]+)>$/.exec(tag) ?? [];
  if (name === undefined) return escapeForPattern(tag);
  return slash === '/'
    ? `<\\s*/\\s*${escapeForPattern(name)}\\s*>`
    : `<\\s*${escapeForPattern(name)}(?:\\s[^<>]*)?>`;
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Tokens of a chat template, and wrappers around an answer: without words between them nothing was said. */
const TOKENS =
  /<\|[\w .:/-]{1,40}\|>|<\/?(?:s|eos|bos|pad|end_of_turn|start_of_turn|answer|response|output|final|final_answer)>/gi;

/** Whether there is nothing in a text that a reader could see. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}\p{Cc}]*$/u.test(text.replaceAll(TOKENS, ''));
}
