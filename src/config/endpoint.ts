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

/** Names that are only known inside of a network: reserved ones, those of clusters, and those that routers hand out. */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|svc|cluster\.local)$/;

/** Addresses of cloud platforms that answer every machine there, although they look like public ones. */
const PLATFORM_ADDRESSES = ['168.63.129.16'];

function isPrivateHost(hostname: string): boolean {
  const host = hostname.replaceAll(/^\[|\]$|\.+$/g, '').toLowerCase();
  if (!ipaddr.isValid(host)) return !host.includes('.') || PRIVATE_NAME.test(host);
  if (PLATFORM_ADDRESSES.includes(host)) return true;
  const address = ipaddr.process(host);
  if (address.range() !== 'unicast') return true;
  // What is handed out to the public begins with 001; everything else is reserved, or holds another address.
  return address.kind() === 'ipv6' && !address.match(GLOBAL_UNICAST);
}

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
