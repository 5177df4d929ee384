// The page's files and their headers.

import { readdir } from 'node:fs/promises';
import { type Fixture, startFixture } from './sandbox-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const FOLDERS = ['sandbox/page/client/', 'pages/cards/'].map(
  (path) => new URL(`../../../src/${path}`, import.meta.url),
);

test('every file of the page is served with its type', async () => {
  const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
  const files = (await Promise.all(FOLDERS.map((folder) => readdir(folder)))).flat();
  const names = files.filter((name) => name !== 'index.html');
  for (const name of [...names, 'adaptivecards.min.js']) {
    const response = await fetch(`${fixture.sandbox.url}/page/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get('content-type')).toContain(types[name.split('.').at(-1) ?? '']);
    expect((await response.text()).length).toBeGreaterThan(100);
  }
});

test('the page lets in no script but its own, and no frame around it', async () => {
  const response = await fetch(fixture.sandbox.url);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await response.text()).not.toMatch(/<script>|<style>| on\w+=|style=/);
});

test.each(['/page/', '/page/../sandbox.ts', '/page/..%2fsandbox.ts', '/page/app.ts', '/favicon.ico'])(
  '%s is not there',
  async (path) => {
    expect((await fetch(`${fixture.sandbox.url}${path}`)).status).toBe(404);
  },
);
