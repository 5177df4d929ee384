// The API's own description, as it is served.

import { createApiDocument } from '../../../scripts/api-document.ts';
import { startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

test('the document is there for everybody, key or no key', async () => {
  const { url, calls } = await startServer();
  const response = await fetch(`${url}/openapi.json`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(createApiDocument())));
  expect(calls.authenticated).toEqual([]);
});

test('the page for people names every operation, and may ask nobody for anything', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/docs`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/);
  const html = await response.text();
  for (const [path, methods] of Object.entries(createApiDocument().paths)) {
    expect(html).toContain(`<code>${path}</code>`);
    for (const operation of Object.values(methods)) {
      expect(html).toContain(`id="${operation['operationId']}"`);
    }
  }
  expect(html).toContain('curl -X POST $BELLHOP_URL/api/v1/notifications');
  expect(html).toContain('export BELLHOP_URL=');
  expect(html).not.toMatch(/<script|\son\w+=|undefined|\[object/i);
});
