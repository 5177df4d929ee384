// The service on PostgreSQL, alone and beside another process of it, and the way there from a SQLite file.

import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

let server: PostgresServer;
let service: RunningService;

beforeAll(async () => {
  server = await PostgresServer.start();
}, 60_000);

afterAll(() => server.dispose());

afterEach(() => service.stop());

const install = async (key: string) => {
  const welcome = nextMessage(service.sandbox, 'Good to be here');
  await service.sandbox.people.install(key);
  await welcome;
};

/** By object id, which is known from the first activity on; the address comes with the roster's answer. */
const ana = () => `aad:${service.sandbox.organisation.people.find(({ key }) => key === 'ana')?.aadObjectId}`;

const post = async (title: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await service.post({ to: [ana()], title }, headers);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const countOf = (title: string) => messagesOf(service.sandbox, 'ana').filter((text) => text.includes(title)).length;

const untilState = (id: unknown, state: string) =>
  until(
    () => service.getStatus(String(id)),
    (status) => JSON.stringify(status['counts']).includes(state),
  );

describe('on PostgreSQL', () => {
  beforeEach(async () => {
    service = await startService({ env: { DATABASE_URL: server.url(await server.createDatabase()) } });
  });

  test('who installs the bot reads what is posted, once, also after a restart', async () => {
    await install('ana');
    const before = await post('Before the restart');
    await untilState(before.body['id'], 'sent');
    await service.restart();
    const after = await post('After the restart');
    expect([before.status, after.status]).toEqual([202, 202]);
    await untilState(after.body['id'], 'sent');
    expect([countOf('Before the restart'), countOf('After the restart')]).toEqual([1, 1]);
  });

  test('two processes share the work: what one accepts, and replays, the other knows', async () => {
    await install('ana');
    const beside = await service.startBeside();
    const notify = (url: string) =>
      fetch(`${url}/api/v1/notifications`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${service.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': 'deploy-1',
        },
        body: JSON.stringify({ to: [ana()], title: 'Accepted twice at once' }),
      });
    const answers = await Promise.all([service.url, beside.url, service.url, beside.url].map(notify));
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<Record<string, unknown>>));
    await untilState(bodies[0]?.['id'], 'sent');
    await beside.stop();
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    expect(countOf('Accepted twice at once')).toBe(1);
  });

  test('a database that goes away is told to senders and probes, and its return is noticed by itself', async () => {
    await install('ana');
    await server.halt();
    const refused = await post('In vain');
    const ready = await fetch(`${service.url}/readyz`);
    const live = await fetch(`${service.url}/livez`);
    await server.resume();
    expect([refused.status, refused.body['type'], ready.status, live.status]).toEqual([
      503,
      'urn:bellhop:problem:store_unavailable',
      503,
      200,
    ]);
    const accepted = await until(
      () => post('Back again'),
      ({ status }) => status === 202,
    );
    await untilState(accepted.body['id'], 'sent');
    expect([countOf('In vain'), countOf('Back again')]).toEqual([0, 1]);
  });
});

describe('`db copy`', () => {
  const bellhop = (...words: readonly string[]) =>
    promisify(execFile)(process.execPath, [CLI, 'db', 'copy', ...words], { cwd: service.folder.path, env: {} }).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
    );

  beforeEach(async () => {
    service = await startService();
    await install('ana');
  });

  test('takes along people, keys, answers and what waits', async () => {
    const sent = await post('Sent before', { 'idempotency-key': 'deploy-1' });
    await untilState(sent.body['id'], 'sent');
    service.sandbox.faults.add({ answer: { kind: 'status', status: 503 }, times: 'untilCleared' });
    const waiting = await post('Waits on the way');
    await untilState(waiting.body['id'], 'queued');
    const url = server.url(await server.createEmptyDatabase());
    let copied: { readonly code: number; readonly text: string } | undefined;
    await service.restart({
      env: { DATABASE_URL: url },
      async between() {
        copied = await bellhop('--from', service.databasePath, '--to', url);
      },
    });
    service.sandbox.faults.clear();
    expect(copied).toEqual({
      code: 0,
      text: expect.stringMatching(/^lane +1\n(.*\n)*delivery +3\n(.*\n)*Copied \d+ rows/),
    });
    expect(await post('Sent before', { 'idempotency-key': 'deploy-1' })).toEqual(sent);
    const source = new DatabaseSync(service.databasePath, { readOnly: true });
    const tables = source.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_migration'`);
    const names = tables.all().map((row) => String(row['name']));
    source.close();
    expect(copied?.text.match(/^\w+(?= +\d+$)/gm)?.sort()).toEqual(names.sort());
    await untilState(waiting.body['id'], 'sent');
    const after = await post('Sent afterwards');
    await untilState(after.body['id'], 'sent');
    expect(['Sent before', 'Waits on the way', 'Sent afterwards'].map(countOf)).toEqual([1, 1, 1]);
  }, 60_000);

  test('does not touch a database that holds something, nor a file that is in use or not there', async () => {
    const url = server.url(await server.createEmptyDatabase());
    expect(await bellhop('--from', service.databasePath, '--to', url)).toEqual({
      code: 1,
      text: expect.stringContaining('Another Bellhop server is using'),
    });
    expect(await bellhop('--from', 'missing.db', '--to', url)).toEqual({
      code: 1,
      text: expect.stringContaining('no such file'),
    });
    await service.restart({
      async between() {
        await bellhop('--from', service.databasePath, '--to', url);
        const again = await bellhop('--from', service.databasePath, '--to', url);
        expect(again).toEqual({ code: 1, text: expect.stringContaining('Expected an empty PostgreSQL database') });
      },
    });
    expect(await bellhop('--from', service.databasePath, '--to', 'mysql://user:canary@db/x')).toEqual({
      code: 1,
      text: expect.not.stringContaining('canary'),
    });
  });
});
