// Service URLs, checked and taken apart.

import { createAddressReader } from '../../../../src/teams/connector-address.ts';

const HOST = 'smba.trafficmanager.net';

test('a trusted service URL gives its parts, each time it is asked for', () => {
  const read = createAddressReader({ kind: 'hosts', hosts: [HOST] });
  const address = { origin: `https://${HOST}`, basePath: '/emea/' };
  expect(read(`https://${HOST}/emea`)).toEqual(address);
  expect(read(`https://${HOST}/emea/`)).toEqual(address);
  expect(read(`https://${HOST}/emea`)).toEqual(address);
});

test('any other gives nothing, however often it is asked for and whatever was trusted before', () => {
  const read = createAddressReader({ kind: 'hosts', hosts: [HOST] });
  read(`https://${HOST}/emea/`);
  for (const other of [`http://${HOST}/emea/`, 'https://evil.example/emea/', `https://${HOST}/emea/?x`, 'emea']) {
    expect([read(other), read(other)]).toEqual([undefined, undefined]);
  }
});

test('more service URLs than are kept are all read', () => {
  const read = createAddressReader({ kind: 'hosts', hosts: [HOST] });
  const paths = Array.from({ length: 300 }, (_, at) => `/region${at}/`);
  expect(paths.map((path) => read(`https://${HOST}${path}`)?.basePath)).toEqual(paths);
});
