// The files of the preview page, and their headers.

import { readdir } from 'node:fs/promises';
import { readProblem, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const FOLDERS = ['preview/', 'cards/'].map((path) => new URL(`../../../src/pages/${path}`, import.meta.url));

test('every file of the page is served with its type, without a key', async () => {
  const { url, calls } = await startServer();
  const types: Record<string, string> = {
    html: 'text/html',
    js: 'text/javascript',
    css: 'text/css',
    svg: 'image/svg+xml',
  };
  const names = (await Promise.all(FOLDERS.map((folder) => readdir(folder)))).flat();
  for (const name of [...names, 'adaptivecards.min.js']) {
    const response = await fetch(`${url}/preview/${name}`);
    expect([name, response.status]).toEqual([name, 200]);
    expect(response.headers.get('content-type')).toContain(types[name.split('.').at(-1) ?? '']);
    expect((await response.text()).length).toBeGreaterThan(100);
  }
  expect(calls.authenticated).toEqual([]);
});

test('the page lets in no script but its own, asks nobody, and has no page around it', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/preview`);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain("connect-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await response.text()).not.toMatch(/<script>|<style>| on\w+=|style=|(src|href)="(\/|https?:)/);
});

test.each([
  '/preview/',
  '/preview/constructor',
  '/preview/..%2fpage-files.ts',
  '/preview/page-files.ts',
  '/preview/a/b',
])('%s is not there', async (path) => {
  const { url } = await startServer();
  const response = await fetch(`${url}${path}`);
  expect([response.status, (await readProblem(response))['type']]).toEqual([404, 'urn:bellhop:problem:not_found']);
});
