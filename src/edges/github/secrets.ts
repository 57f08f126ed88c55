/** Shorter ones would take common words out of messages. */
const MIN_LENGTH = 6;

const secrets = new Set<string>();

/** From here on `withoutSecrets` takes this value, and each of its lines, out of texts. */
export function rememberSecret(value: string): void {
  for (const part of [value, ...value.split(/[\r\n]+/)]) {
    const secret = part.trim();
    if (secret.length >= MIN_LENGTH) secrets.add(secret);
  }
}

/** A text with `***` in the place of every key that this process has read: messages of packages may quote one. */
export function withoutSecrets(text: string): string {
  const longestFirst = [...secrets].sort((one, other) => other.length - one.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
