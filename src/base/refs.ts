/** The name of the tag that a full ref such as `refs/tags/v1` names; undefined for every other ref. */
export function readTagName(ref: string | null | undefined): string | undefined {
  return readName(ref, 'refs/tags/');
}

/** The name of the branch that a full ref such as `refs/heads/main` names; undefined for every other ref. */
export function readBranchName(ref: string | null | undefined): string | undefined {
  return readName(ref, 'refs/heads/');
}

function readName(ref: string | null | undefined, prefix: string): string | undefined {
  const name = ref?.startsWith(prefix) ? ref.slice(prefix.length) : '';
  return name === '' ? undefined : name;
}
