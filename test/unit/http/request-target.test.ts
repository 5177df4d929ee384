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

  test.each(['%2F', '%2fonboarding', '%2FA.b-c'])('may name a survey that begins with a slash: %s', (name) => {
    const path = `/api/v1/dialog-definitions/${name}`;
    expect(readRequestTarget(path)).toEqual({ path, query: undefined });
  });

  test.each([
    '/api/v1/dialog-definitions/%2F%2F',
    '/api/v1/dialog-definitions/%2F.a',
    '/api/v1/dialog-definitions/a%2Fb',
    '/api/v1/dialog-definitions%2F',
    '/api/v1/dialogs/%2F',
    '/api/v1/dialog-definitions//',
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
