// Exporting and erasing a person over HTTP: who may, and what goes over the wire.

import { AppError } from '../../../src/domain/errors.ts';
import { readProblem, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const EXPORT = '/api/v1/people/export';
const ERASE = '/api/v1/people/erase';
const OFFICER = { headers: { authorization: 'Bearer officer' } };

test('an export is written in parts, as one JSON document', async () => {
  const { post } = await startServer();
  const response = await post(EXPORT, { ...OFFICER, body: '{"person":"ana@contoso.com"}' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('transfer-encoding')).toBe('chunked');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await response.json()).toEqual({ person: 'ana@contoso.com' });
});

test('an export that cannot be completed breaks the connection and is written down', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield '{"person":';
    throw new Error('canary');
  }
  const { post, logLines } = await startServer({ exportPerson: async () => failing() });
  const response = await post(EXPORT, OFFICER);
  await expect(response.text()).rejects.toThrow();
  const log = logLines.join('');
  expect(log).toContain('"msg":"request failed"');
  expect(log).not.toContain('canary');
});

test('a caller who hangs up ends the export', async () => {
  const ended = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) {
        yield ' '.repeat(65_536);
      }
    } finally {
      ended.resolve();
    }
  }
  const { post } = await startServer({ exportPerson: async () => endless() });
  const abort = new AbortController();
  const response = await post(EXPORT, { ...OFFICER, signal: abort.signal });
  expect(response.status).toBe(200);
  abort.abort();
  await ended.promise;
});

test('an erasure answers how much it was', async () => {
  const { post } = await startServer({ erasePerson: async ({ asker }) => ({ people: 1, asker: asker.keyId }) });
  const response = await post(ERASE, OFFICER);
  expect([response.status, await response.json()]).toEqual([200, { erased: { people: 1, asker: 'k5' } }]);
});

describe.each([EXPORT, ERASE])('%s', (path) => {
  test('needs the scope for people', async () => {
    const { post } = await startServer();
    const response = await post(path);
    expect([response.status, (await readProblem(response))['type']]).toEqual([403, 'urn:bellhop:problem:forbidden']);
  });

  test('takes no query, in which a name would end up in logs', async () => {
    const { post } = await startServer();
    expect((await post(`${path}?person=ana@contoso.com`, OFFICER)).status).toBe(400);
  });

  test('is not there for GET', async () => {
    const { url } = await startServer();
    expect((await fetch(`${url}${path}`, OFFICER)).status).toBe(405);
  });

  test.each([
    ['not_found', 404],
    ['ambiguous_person', 409],
    ['forbidden', 403],
  ] as const)('turns %s into %i, before anything is written', async (code, status) => {
    const failure = () => Promise.reject(new AppError(code, 'x', { details: { candidates: 2 } }));
    const { post } = await startServer({ exportPerson: failure, erasePerson: failure });
    const response = await post(path, OFFICER);
    expect(response.status).toBe(status);
    expect(await readProblem(response)).toMatchObject({ candidates: 2 });
  });
});
