// Which addresses may be registered.

import { findUrlFault } from '../../../src/callbacks/webhook-url.ts';

const OUTSIDE = { isLoopbackAllowed: false };
const LOCAL = { isLoopbackAllowed: true };

test.each([
  'https://hooks.example.com/bellhop?team=ops',
  'https://hooks.example.com:8443/',
  'https://20.190.128.1/',
  'https://[2603:1030::1]/',
])('%s may be registered', (url) => {
  expect(findUrlFault(url, OUTSIDE)).toBeUndefined();
});

test.each([
  '',
  'hooks.example.com',
  'http://hooks.example.com/',
  'ftp://hooks.example.com/',
  'https://user@hooks.example.com/',
  'https://user:password@hooks.example.com/',
  'https://hooks.example.com/#part',
  'https://hooks.example.com:22/',
  'https://hooks.example.com:80/',
  'https://hooks.example.com\\@evil.example/',
  'https://hooks.example.com/\n',
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://10.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[fe80::1]/',
  'https://localhost/',
  'https://api.localhost./',
  `https://hooks.example.com/${'a'.repeat(2_048)}`,
])('%j may not', (url) => {
  expect(findUrlFault(url, OUTSIDE)).toEqual(expect.stringMatching(/^Expected /));
  expect(findUrlFault(url, LOCAL)).toEqual(expect.stringMatching(/^Expected /));
});

test('http on 127.0.0.1 may be registered in development only', () => {
  expect(findUrlFault('http://127.0.0.1:4000/hook', LOCAL)).toBeUndefined();
  expect(findUrlFault('http://127.0.0.1:4000/hook', OUTSIDE)).toBe('Expected an https URL');
  for (const url of ['http://localhost:4000/', 'http://127.0.0.2/', 'http://u:p@127.0.0.1/', 'http://10.0.0.1/']) {
    expect(findUrlFault(url, LOCAL)).toEqual(expect.stringMatching(/^Expected /));
  }
});
