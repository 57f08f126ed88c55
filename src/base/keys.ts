/**
 * Why a key can't be sent, or undefined. It is asked before the key goes anywhere: what refuses such a value later would
 * print it.
 *
 * @param key without white space around it
 */
export function findKeyProblem(key: string): string | undefined {
  return /^[\x21-\x7e]*$/.test(key)
    ? undefined
    : 'contains a line break, a space or another character that a key cannot have; paste it again';
}

/** Whether a text can be the value of a header: no line breaks, controls, or characters beyond Latin-1. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\xa0-\xff]*$/.test(text);
}

/** Whether a text can be the name of a header. */
export function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}
