/** What another tool has left in git in the place of a file's content. */
export interface Pointer {
  /** With its article: `a Git LFS pointer`. */
  readonly what: string;
  /** What brings the content into a checkout: one sentence without its full stop. */
  readonly remedy: string;
  /** What helps where it is read at a commit, if that is not to keep the content in git. */
  readonly remedyAtCommit?: string;
}

interface Form extends Pointer {
  /** Whether a file is one. @param text its whole text, trimmed, with LF as line end */
  readonly matches: (text: string) => boolean;
}

/** A link of git. Its own file holds the path that it leads to, where it could not be made a link. */
export const LINK: Pointer = {
  what: 'a link of git',
  remedy: 'Name the file that it leads to, or check out where links can be made',
  remedyAtCommit: 'Links are not followed at a commit: name the file that it leads to',
};

export const SUBMODULE: Pointer = {
  what: 'a submodule',
  remedy:
    'Fetch it with git submodule update --init, in a workflow with submodules: true of actions/checkout',
};

export const DVC: Pointer = {
  what: 'a DVC pointer',
  remedy: 'Fetch the content with dvc pull, and name its own file',
};

/** Everything that is recognised by its content. A file is a pointer only as a whole, never for a part of its text. */
const FORMS: readonly Form[] = [
  {
    what: 'a Git LFS pointer',
    remedy: 'Fetch the content with git lfs pull, in a workflow with lfs: true of actions/checkout',
    matches: wholly(
      /version https?:\/\/(?:(?:git-lfs|hawser)\.github\.com\/spec\/v|git-media\.io\/v\/)\d+(?:\n[a-z\d.-]+ \S+)*/,
    ),
  },
  {
    what: 'a git-media pointer',
    remedy: 'Fetch the content with git media sync',
    matches: wholly(/(?:# git-media\n)?(?:[\da-f]{40}|[\da-f]{64})/),
  },
  {
    what: 'a git-annex pointer',
    remedy: 'Fetch the content with git annex get',
    // The name of the key says how it was made: SHA256E-s300--1f2e.csv
    matches: wholly(
      /(?:(?:\.{1,2}[/\\])*\.git(?:[/\\][\w.-]+)*)?[/\\]annex[/\\]objects[/\\](?:[^\s/\\]+[/\\])*[A-Z][A-Z\d_]*(?:-[A-Za-z]\d+)*--[^\s/\\]+(?:\n\/annex\/.*)*/,
    ),
  },
  {
    what: 'a git-fat pointer',
    remedy: 'Fetch the content with git fat pull',
    matches: wholly(/#\$# git-fat [\da-f]{40}(?: +\d+)?/),
  },
  { ...DVC, matches: isDvcFile },
  {
    what: 'a file that git-crypt has encrypted',
    remedy: 'Decrypt it with git-crypt unlock',
    matches: (text) => text.startsWith('\0GITCRYPT\0'),
  },
  {
    what: 'a file that transcrypt has encrypted',
    remedy: 'Decrypt it with transcrypt',
    // openssl's mark, "Salted__", in base64.
    matches: (text) => /^U2FsdGVkX1[\w+/=]*$/.test(text.split('\n', 1)[0] ?? ''),
  },
  {
    what: 'a file that age has encrypted',
    remedy: 'Decrypt it with age',
    matches: (text) => /^(?:age-encryption\.org\/v\d+\n|-----BEGIN AGE ENCRYPTED)/.test(text),
  },
  { ...LINK, matches: wholly(/\.{1,2}(?:\/[^\s/]+)+/) },
];

/**
 * So many characters, or bytes, are looked at: no path, and so no pointer, is longer. White space around a pointer does not
 * count, since some tools ignore it.
 */
const MAX_POINTER = 8 * 1024;

/**
 * Recognises what another tool has left in the place of a file's content: a pointer, a link or an encrypted form.
 * A text that only mentions such a thing is an ordinary text.
 *
 * @param content all of a file
 */
export function findPointer(content: string | Uint8Array): Pointer | undefined {
  const head = content.slice(0, MAX_POINTER);
  const text = typeof head === 'string' ? head : new TextDecoder().decode(head);
  const whole = text.replaceAll('\r\n', '\n').trim();
  return FORMS.find(({ matches }) => matches(whole));
}

/** Where a file is read, on which depends what helps. `data` are files of a dataset at a commit. */
export type ReadFrom = 'checkout' | 'commit' | 'data' | 'hub';

const REMEDIES: Readonly<Record<Exclude<ReadFrom, 'checkout'>, string>> = {
  commit:
    "It is read at a commit, through GitHub's API, and not from the checkout: keep it in git itself",
  data: "Data are policy. They are read at a commit, through GitHub's API, and not from the checkout: keep them in git itself, use the Hugging Face Hub (dataset.revision), or have a step fetch them to a path that this repository does not track, as actions/checkout does with repository, ref, path and lfs: true",
  hub: 'The Hub itself has nothing else at this revision: upload the content there',
};

/** A message about a file that is, or holds, something else than its content; it follows the name of the file. */
export function explainPointer(pointer: Pointer, from: ReadFrom): string {
  const { what, remedy, remedyAtCommit } = pointer;
  const helps = from === 'checkout' ? remedy : (remedyAtCommit ?? REMEDIES[from]);
  return `is ${what}, and not the content. ${helps}`;
}

/** The name of the file that DVC writes next to the place of the content. */
export function toDvcFile(name: string): string {
  return `${name}${DVC_ENDING}`;
}

const DVC_ENDING = '.dvc';

/**
 * The names in a folder that represent a file or folder which does not exist itself.
 *
 * @param names with the folders within, by either separator
 */
export function findDvcPointers(names: readonly string[]): readonly string[] {
  const isThere = (name: string): boolean =>
    names.some((one) => one === name || one.startsWith(`${name}/`) || one.startsWith(`${name}\\`));
  return names.filter(
    (name) => name.endsWith(DVC_ENDING) && !isThere(name.slice(0, -DVC_ENDING.length)),
  );
}

function wholly({ source }: RegExp): Form['matches'] {
  const whole = new RegExp(`^(?:${source})$`);
  return (text) => whole.test(text);
}

/** YAML of a list of outputs, each with a hash and a path. */
function isDvcFile(text: string): boolean {
  const lines = text.split('\n');
  const has = (line: RegExp): boolean => lines.some((one) => line.test(one));
  return (
    lines.every((line) => /^(?:[a-z\d_]+:|[- ] |#|$)/.test(line)) &&
    has(/^outs:$/) &&
    has(/^[- ] (?:md5|etag|checksum): \S+$/) &&
    has(/^[- ] path: \S/)
  );
}
