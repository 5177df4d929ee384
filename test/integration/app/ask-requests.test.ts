// Asking for an answer through the API, as a producer does.

import { DatabaseSync } from 'node:sqlite';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startService();
  await installReachable(service, 'ana');
});

afterAll(() => service.stop());

const ASKING = {
  to: ['ana@contoso.com'],
  title: 'Deploy to production?',
  acknowledge: true,
  actions: [{ id: 'approve', title: 'Approve', style: 'positive', input: { kind: 'text', label: 'Why?' }, needed: 1 }],
  remind: 'PT30M',
  escalateTo: ['ana@contoso.com'],
};

const request = (path: string, init: RequestInit = {}, key = service.apiKey) =>
  fetch(`${service.url}/api/v1/notifications${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
const post = (fields: object, query = '') =>
  request(query, { method: 'POST', body: JSON.stringify({ ...ASKING, ...fields }) });
const sendAsk = async (fields: object = {}) => ((await (await post(fields)).json()) as { id: string }).id;

test('what is asked, and who answered it, is in the status', async () => {
  const { id } = await service.client.sendNotification({ to: 'ana@contoso.com', title: 'Deploy?', acknowledge: true });
  const { ask } = await service.client.getNotification(id);
  expect(ask).toEqual({ state: 'open', responses: [], more: 0, reminders: 0 });
  expect(await service.client.listResponsesToNotification(id, { limit: 10 })).toEqual({
    responses: [],
    nextCursor: null,
  });
});

test('a wait for an answer is over when it is recalled meanwhile, and says so', async () => {
  const id = await sendAsk();
  const waiting = request(`/${id}?wait=acknowledged&timeout=60s`);
  await service.client.recallNotification(id);
  expect(await (await waiting).json()).toMatchObject({ id, ask: { state: 'closed' } });
});

test('sending waits too, until its time is over', async () => {
  const response = await post({}, '?wait=acknowledged&timeout=1s');
  expect([response.status, await response.json()]).toMatchObject([202, { progress: 'done', ask: { state: 'open' } }]);
});

test('sending is answered as soon as somebody has answered', async () => {
  const waiting = post({ key: 'only-one' }, '?wait=acknowledged&timeout=60s');
  const db = new DatabaseSync(service.databasePath);
  db.exec('PRAGMA busy_timeout = 5000');
  const find = db.prepare(`SELECT n.id FROM notification n JOIN lifecycle l ON l.notification_id = n.id`);
  let id: unknown;
  while (id === undefined) {
    id = find.get()?.['id'];
    await new Promise(setImmediate);
  }
  db.exec(`
    INSERT INTO response (notification_id, person_id, action, responded_at_ms)
    SELECT ${id}, id, ':acknowledge', 0 FROM person WHERE email IS NOT NULL LIMIT 1;
    UPDATE ask SET state = 'acknowledged' WHERE notification_id = ${id}`);
  db.close();
  expect(await (await waiting).json()).toMatchObject({
    ask: { state: 'acknowledged', responses: [{ action: ':acknowledge', person: { email: 'ana@contoso.com' } }] },
  });
});

test('there is nothing to wait for where nothing is asked', async () => {
  const nothing = { acknowledge: false, actions: [], remind: undefined, escalateTo: undefined };
  const response = await post(nothing, '?wait=acknowledged');
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { detail: 'Expected `acknowledge` or `actions` for `wait=acknowledged` to wait for' },
  ]);
});

test.each([
  ['?wait=answered', 400],
  ['?timeout=5s', 400],
  ['?wait=delivered&timeout=5s', 200],
])('the status takes %s as %i', async (query, status) => {
  expect((await request(`/${await sendAsk()}${query}`)).status).toBe(status);
});

test('a fault tells its place, and nothing is stored', async () => {
  const response = await post({ actions: [{ id: 'a b', title: 'x' }], remind: '30m' });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { faults: [{ pointer: '/actions/0/id' }, { pointer: '/remind' }] },
  ]);
});

test('it is tried without being stored', async () => {
  const response = await post({}, '?dry_run=true');
  expect([response.status, await response.json()]).toMatchObject([200, { dryRun: true, warnings: expect.any(Array) }]);
  expect((await post({ remind: 'PT1S' }, '?dry_run=true')).status).toBe(400);
});
