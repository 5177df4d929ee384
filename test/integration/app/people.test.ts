// A person who wants to know what is held of them, and then wants it gone: over HTTP and by the command line.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

let service: RunningService;
let officer: string;

beforeEach(async () => {
  service = await startService();
  officer = await service.createKey({ scopes: ['people'] });
});

afterEach(() => service.stop());

const notify = (to: string, title = 'Deploy finished') => service.post({ to, title });

/** Installs the bot, and waits until the person is known by e-mail and has been told something. */
const settle = async (key: string) => {
  await service.sandbox.people.install(key);
  const response = await until(
    () => notify(`${key}@contoso.com`, `For ${key} only`),
    ({ status }) => status === 202,
  );
  const { id } = (await response.json()) as { id: string };
  await until(
    () => service.getStatus(id),
    ({ progress }) => progress === 'done',
  );
  return id;
};

const ask = async (path: string, body: object) => {
  const headers = { authorization: `Bearer ${officer}`, 'content-type': 'application/json' };
  const response = await fetch(`${service.url}/api/v1/people/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const bellhop = async (...words: readonly string[]) => {
  const env = { DATABASE_URL: `sqlite:${service.databasePath}` };
  return (await promisify(execFile)(process.execPath, [CLI, 'person', ...words], { env })).stdout;
};

const files = () => ['', '-wal'].map((suffix) => readFileSync(`${service.databasePath}${suffix}`, 'latin1')).join('');

test('who is erased was shown everything before, and hears nothing any more', async () => {
  const id = await settle('ana');
  const { aadObjectId = '', teamsUserId = '' } = service.sandbox.organisation.findPerson('ana') ?? {};
  const exported = await ask('export', { person: 'ana@contoso.com' });
  expect(exported).toMatchObject({
    status: 200,
    body: { person: { aadObjectId, teamsUserId, email: 'ana@contoso.com' }, installations: [{ state: 'active' }] },
  });
  expect(exported.body['deliveries']).toEqual([
    expect.objectContaining({ producer: 'Bellhop', state: 'sent' }),
    expect.objectContaining({
      notification: id,
      producer: 'ci',
      state: 'sent',
      sentAt: expect.any(String),
      content: expect.objectContaining({ title: 'For ana only' }),
    }),
  ]);
  expect(files()).toContain('ana@contoso.com');

  const erased = await ask('erase', { person: 'ana@contoso.com' });
  expect(erased).toMatchObject({ status: 200, body: { erased: { people: 1, names: 1, contents: 2 } } });
  expect((await ask('erase', { person: 'ana@contoso.com' })).status).toBe(404);
  const said = messagesOf(service.sandbox, 'ana').length;
  await service.sandbox.people.write('ana', 'hi');
  const refused = await notify('ana@contoso.com');
  expect([refused.status, await refused.json()]).toMatchObject([422, { unresolved: [{ reason: 'unknown' }] }]);
  expect(await service.getStatus(id)).toMatchObject({ contentErased: true, deliveries: [{ recipient: null }] });
  expect(messagesOf(service.sandbox, 'ana')).toHaveLength(said);
  const held = files().toLowerCase();
  expect(['ana@contoso.com', aadObjectId, teamsUserId, 'for ana only'].filter((one) => held.includes(one))).toEqual([]);

  const welcome = nextMessage(service.sandbox, 'Good to be here');
  await service.sandbox.people.uninstall('ana');
  await service.sandbox.people.install('ana');
  await welcome;
});

test('an operator does the same beside the running service', async () => {
  await settle('ben');
  const out = join(service.folder.path, 'ben.json');
  expect(await bellhop('export', 'ben@contoso.com', '--out', out)).toBe(`Wrote ${out}.\n`);
  const written = readFileSync(out, 'utf8');
  expect(JSON.parse(written)).toMatchObject({ person: { email: 'ben@contoso.com' }, deliveries: [{}, {}] });
  const printed = JSON.parse(await bellhop('export', 'BEN@contoso.com'));
  expect({ ...printed, exportedAt: '' }).toEqual({ ...JSON.parse(written), exportedAt: '' });
  expect(await bellhop('erase', 'ben@contoso.com')).toBe(
    'People: 1\nInstallations: 1\nChats: 1\nNames that producers used: 1\nContents that only they got: 2\n' +
      'Deliveries that will not be sent: 0\nAPI keys that named them: 0\nHooks that named them: 0\n',
  );
  expect(files()).not.toContain('ben@contoso.com');
  expect((await notify('ben@contoso.com')).status).toBe(422);
  const failures: readonly (readonly string[])[] = [
    ['erase', 'ben@contoso.com'],
    ['export', 'ben'],
    ['erase', 'everyone'],
    ['export', 'ben@contoso.com', '--tenant', 'contoso'],
  ];
  for (const words of failures) {
    await expect(bellhop(...words)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Nothing is held|Expected/),
    });
  }
});
