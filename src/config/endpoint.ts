import ipaddr from 'ipaddr.js';

/**
 * Why an endpoint can't be used, or undefined. Private, loopback and link-local addresses need leave, so that a
 * config can't reach into the runner's network; a key never travels unencrypted over a public one. Judged by
 * the URL's text: a public name that resolves to a private address is not found out.
 */
export function findEndpointProblem(baseUrl: string, allowPrivate: boolean): string | undefined {
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

/** Whether a host of a URL is, by its text, anything else than a machine on the public internet. */
function isPrivateHost(hostname: string): boolean {
  // Some resolvers drop every dot behind a name.
  const host = hostname
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();
  return ipaddr.isValid(host) ? isPrivateAddress(host) : isPrivateName(host);
}

/** The only part of IPv6 whose addresses are public. What is outside it may hold an IPv4 address, or have no use yet. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Within the ranges of public addresses, and answered by the host of a virtual machine: Azure's platform. */
const PLATFORM_ADDRESSES = ['168.63.129.16'];

function isPrivateAddress(host: string): boolean {
  const address = ipaddr.process(host);
  if (PLATFORM_ADDRESSES.includes(address.toString()) || address.range() !== 'unicast') return true;
  return address.kind() === 'ipv6' && !address.match(GLOBAL_IPV6);
}

/**
 * Top-level domains that are not on the public internet: reserved ones, those of networks at home and in companies, and
 * those of clusters (`svc.cluster.local`, and `svc`, which a search path completes).
 */
const PRIVATE_DOMAINS = new Set([
  'corp',
  'home',
  'internal',
  'intranet',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'private',
  'svc',
  'test',
]);

/** Further names of machines inside: the domain of home networks, and the metadata service of Google Cloud. */
const PRIVATE_NAME = /(?:^|\.)(?:home\.arpa|metadata\.goog)$/;

function isPrivateName(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  return labels.length === 1 || PRIVATE_DOMAINS.has(last) || PRIVATE_NAME.test(host);
}
