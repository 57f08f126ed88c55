import ipaddr from 'ipaddr.js';

/**
 * Why an endpoint can't be used, or undefined. Private, loopback and link-local addresses need leave, so that a
 * config can't reach into the runner's network; a key never travels unencrypted over a public one. Judged by
 * the URL's text: a public name that resolves to a private address is not found out.
 */
export function endpointObjection(baseUrl: string, allowPrivate: boolean): string | undefined {
  const url = new URL(baseUrl);
  if (url.username || url.password || url.search || url.hash) {
    return 'must hold no user, password, query or fragment; keys go into api-key-env';
  }
  if (isPrivateHost(url.hostname)) {
    return allowPrivate
      ? undefined
      : `${url.host} is a private address; set allow-private-endpoint: true to use it`;
  }
  return url.protocol === 'http:'
    ? `${url.host} would get prompts and keys unencrypted; use https`
    : undefined;
}

function isPrivateHost(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$|\.$/g, '').toLowerCase();
  if (!ipaddr.isValid(host))
    return !host.includes('.') || /\.(localhost|local|internal)$/.test(host);
  return ipaddr.process(host).range() !== 'unicast';
}
