import { findEndpointProblem } from '../../src/config/endpoint.js';

const PRIVATE = [
  'https://localhost/v1',
  'https://LOCALHOST:8080/v1',
  'http://localhost:11434/v1',
  'https://api.localhost/v1',
  'https://127.0.0.1/v1',
  'https://127.1/v1',
  'https://2130706433/v1',
  'https://0x7f.0.0.1/v1',
  'https://0177.0.0.1/v1',
  'https://10.0.0.8/v1',
  'https://172.16.3.4/v1',
  'https://172.31.255.255/v1',
  'https://192.168.0.1/v1',
  'https://100.64.0.1/v1',
  'http://169.254.169.254/latest/meta-data',
  'https://0.0.0.0/v1',
  'https://255.255.255.255/v1',
  'https://224.0.0.1/v1',
  'https://[::1]/v1',
  'https://[::]/v1',
  'https://[fe80::1]/v1',
  'https://[fd12:3456::1]/v1',
  'https://[::ffff:127.0.0.1]/v1',
  'https://[::ffff:10.0.0.1]/v1',
  'https://[64:ff9b::7f00:1]/v1',
  'https://metadata.google.internal/v1',
  'https://printer.local/v1',
  'https://intranet/v1',
  'http://model-server:8000/v1',
  // IPv4 addresses inside IPv6 ones: compatible, translated, NAT64, 6to4, Teredo.
  'https://[::127.0.0.1]/v1',
  'https://[::8.8.8.8]/v1',
  'https://[::ffff:0:127.0.0.1]/v1',
  'https://[64:ff9b::10.0.0.1]/v1',
  'https://[64:ff9b:1::7f00:1]/v1',
  'https://[2002:7f00:1::]/v1',
  'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/v1',
  // Outside the global part of IPv6.
  'https://[4000::1]/v1',
  'https://[fec0::1]/v1',
  'https://[2001:db8::1]/v1',
  // Addresses where a cloud serves metadata to its own machines.
  'https://168.63.129.16/v1',
  'https://[::ffff:168.63.129.16]/v1',
  'https://100.100.100.200/v1',
  'https://192.0.0.192/v1',
  'https://[fd00:ec2::254]/v1',
  'https://metadata.goog/v1',
  'https://instance-data.ec2.internal/v1',
  // Any number of trailing dots.
  'https://x.internal./v1',
  'https://x.internal../v1',
  'https://127.0.0.1./v1',
  'https://127.1../v1',
  'https://intranet../v1',
  'https://../v1',
  'https://%6cocalhost/v1',
  'https://x\u3002internal/v1',
  // Names inside clusters, homes and companies.
  'https://localhost.localdomain/v1',
  'https://model.team.svc.cluster.local/v1',
  'https://model.team.svc/v1',
  'https://model.cluster.local/v1',
  'https://nas.home.arpa/v1',
  'https://home.arpa/v1',
  'https://nas.lan/v1',
  'https://nas.home/v1',
  'https://wiki.corp/v1',
  'https://wiki.intranet/v1',
  'https://wiki.private/v1',
  'https://WIKI.Corp/v1',
  'https://api.test/v1',
];

const PUBLIC = [
  'https://api.openai.com/v1',
  'https://api.openai.com:8443/v1',
  'https://8.8.8.8/v1',
  'https://172.15.0.1/v1',
  'https://172.32.0.1/v1',
  'https://[2606:4700::1111]/v1',
  'https://[::ffff:8.8.8.8]/v1',
  'https://localhost.example.com/v1',
  'https://internal.example.com/v1',
  'https://10.0.0.8.example.com/v1',
  'https://168.63.129.17/v1',
  'https://100.128.0.1/v1',
  'https://[2a00:1450:4001::1]/v1',
  'https://api.example.com./v1',
  'https://svc.example.com/v1',
  'https://my-corp.com/v1',
  'https://notlocal.dev/v1',
  'https://api.metadata.goog.example.com/v1',
  'https://phone.arpa/v1',
];

describe('an endpoint', () => {
  test.each(PRIVATE)('%s is private and needs permission', (url) => {
    expect(findEndpointProblem(url, false)).toMatch(
      /private address; set allow-private-endpoint: true/,
    );
    expect(findEndpointProblem(url, true)).toBeUndefined();
  });

  test.each(PUBLIC)('%s is public, and must use https', (url) => {
    expect(findEndpointProblem(url, false)).toBeUndefined();
    const unencrypted = url.replace('https:', 'http:');
    expect(findEndpointProblem(unencrypted, false)).toMatch(/use https/);
    expect(findEndpointProblem(unencrypted, true)).toMatch(/use https/);
  });

  test('the problem names the host and nothing else', () => {
    expect(findEndpointProblem('http://api.example.com/canary', false)).toContain(
      'api.example.com',
    );
    expect(findEndpointProblem('http://api.example.com/canary', false)).not.toContain('canary');
  });

  test.each([
    'https://user:canary@api.example.com/v1',
    'https://canary@api.example.com/v1',
    'https://api.example.com/v1?key=canary',
    'https://api.example.com/v1#canary',
  ])('%s is refused, and the message does not repeat a possible secret', (url) => {
    expect(findEndpointProblem(url, true)).toMatch(
      /^must hold no user, password, query or fragment/,
    );
  });

  test('a trailing dot does not make a private host public', () => {
    expect(findEndpointProblem('https://localhost./v1', false)).toContain('is a private address');
  });
});
