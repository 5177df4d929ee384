// Which addresses may stand behind a button, and what the button says.

import fc from 'fast-check';
import { toOpenUrl } from '../../../../src/teams/cards/links.ts';

test.each([
  'http://ci.example/1',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,hello',
  'file:///etc/passwd',
  'msteams://teams.microsoft.com/l/chat',
  'mailto:ana@contoso.com',
  'https://user@ci.example/',
  'https://user:pass@ci.example/',
  'https://bank.example@evil.example/',
  'https://bank.example\\@evil.example/',
  'https:\\\\evil.example',
  'https://ci.example/a b',
  'https://ci.example/\u0000',
  'https://ci.example/\u00a0',
  '\thttps://ci.example/',
  'https://',
  '//ci.example/1',
  'ci.example',
  '',
])('%j is no link', (url) => {
  expect(toOpenUrl({ title: 'Open', url })).toBeUndefined();
});

test.each([
  ['View run', 'https://ci.example/1?a=b#c', 'View run (ci.example)', 'https://ci.example/1?a=b#c'],
  ['bank.example', 'https://evil.example/', 'bank.example (evil.example)', 'https://evil.example/'],
  ['CI.example', 'https://ci.example', 'ci.example', 'https://ci.example/'],
  ['', 'https://ci.example:8443/', 'ci.example:8443', 'https://ci.example:8443/'],
  ['\u202egnp.exe', 'https://ci.example/', 'gnp.exe (ci.example)', 'https://ci.example/'],
  ['{{DATE(1)}}', 'https://ci.example/', '{ {DATE(1)}} (ci.example)', 'https://ci.example/'],
  ['Pay', 'https://раураl.example/', 'Pay (xn--l-7sba6dbr.example)', 'https://xn--l-7sba6dbr.example/'],
])('a button titled %j to %j says %j', (title, url, label, href) => {
  expect(toOpenUrl({ title, url })).toEqual({ type: 'Action.OpenUrl', title: label, url: href });
});

test('of a long host the end is shown, where its owner stands', () => {
  const url = `https://login.bank.example.${'a'.repeat(60)}.evil.example/`;
  expect(toOpenUrl({ title: 'Log in', url })?.title).toMatch(/^Log in \(….{26,}\.evil\.example\)$/);
});

test('whatever the input, a button leads to plain https and names its host', () => {
  const anyUrl = fc.oneof(
    fc.webUrl({ validSchemes: ['https', 'http', 'ftp'] }),
    fc.string({ unit: 'binary' }),
    fc.string().map((rest) => `https://${rest}`),
    fc.string({ unit: 'binary' }).map((rest) => `https://ci.example/${rest}`),
  );
  fc.assert(
    fc.property(anyUrl, fc.string({ unit: 'binary' }), (url, title) => {
      const action = toOpenUrl({ title, url });
      if (!action) {
        return;
      }
      const target = new URL(action.url);
      expect(target.protocol).toBe('https:');
      expect(target.username + target.password).toBe('');
      expect(action.url).not.toMatch(/[\\\s]/);
      expect(action.title).toContain(target.host.slice(-39));
    }),
    { numRuns: 2_000 },
  );
});
