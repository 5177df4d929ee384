import fc from 'fast-check';
import { readRequestTarget } from '../../../src/http/request-target.ts';

describe('a request target', () => {
  test('is a plain path, with or without a query', () => {
    expect(readRequestTarget('/livez')).toEqual({ path: '/livez', query: undefined });
    expect(readRequestTarget('/api/v1/notifications/ntf_1?')).toEqual({
      path: '/api/v1/notifications/ntf_1',
      query: '',
    });
  });

  test.each([
    '/',
    '//livez',
    '/livez/',
    '/./livez',
    '/api/../metrics',
    '/%6detrics',
    '/livez%00',
    '/livez;a=1',
    '/livez#a',
    '/a\\b',
    '*',
    'http://livez/metrics',
    'http://[',
    'localhost:80',
    '',
    `/${'a'.repeat(256)}`,
  ])('that can be read in more than one way is none: %s', (target) => {
    expect(readRequestTarget(target)).toBeUndefined();
  });

  test('means the same path to every URL parser', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webPath(), fc.string()), (text) => {
        const target = readRequestTarget(text);
        expect(target === undefined || new URL(`http://localhost${text}`).pathname === target.path).toBe(true);
      }),
    );
  });
});
