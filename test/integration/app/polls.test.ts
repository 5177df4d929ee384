// Polls through the whole service: asked by the API, answered in the sandbox, read and closed by the API.

import { randomBytes } from 'node:crypto';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';
import { verify } from '../../support/webhook-fixture.ts';
import { type RecordingServer, startRecordingServer } from '../teams-outbound/local-servers.ts';

let service: RunningService;
let receiver: RecordingServer;

beforeAll(async () => {
  receiver = await startRecordingServer(() => ({ status: 204 }));
  service = await startService({ env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } });
  for (const person of ['ana', 'ben']) {
    await service.sandbox.people.install(person);
    // Their address is looked up after they have been welcomed.
    await until(
      () => service.client.tryNotification({ to: `${person}@contoso.com`, title: 'Hello' }),
      ({ deliveries }) => deliveries.length > 0,
    );
  }
});

afterAll(async () => {
  await service.stop();
  await receiver.close();
});

async function call(method: string, path: string, json?: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${service.url}/api/v1/polls${path}`, {
    method,
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json', ...headers },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

const BOTH = ['ana@contoso.com', 'ben@contoso.com'];
const LUNCH = { to: BOTH, question: 'Lunch?', choices: ['=Soup', 'Salad, green'], closesIn: 'PT1H' };

/** Presses what the card of the poll has for a choice; cards themselves are looked at elsewhere. */
async function press(person: string, data: object): Promise<unknown> {
  const { sandbox, appId } = service;
  const found = sandbox.organisation.people.find(({ key }) => key === person);
  const chat = sandbox.people.find(person);
  const result = await sandbox.sendActivity({
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `f:${crypto.randomUUID()}`,
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: sandbox.serviceUrl,
    from: { id: found?.teamsUserId, aadObjectId: found?.aadObjectId, name: found?.name },
    recipient: { id: `28:${appId}`, name: 'Bellhop' },
    conversation: { conversationType: 'personal', id: chat.id, tenantId: sandbox.organisation.tenantId },
    channelData: { tenant: { id: sandbox.organisation.tenantId } },
    value: { action: { type: 'Action.Execute', verb: 'bellhop', data } },
  });
  return result.status;
}

const vote = (person: string, poll: string, choice: number) => press(person, { bellhop: 'vote', poll, choice });

const ask = async (fields: object = {}) => {
  const { body } = await call('POST', '', { ...LUNCH, ...fields });
  return String(body.id);
};

test('a poll is asked, voted in, read, exported and closed, and its end is told to the webhook', async () => {
  const manage = await service.createKey({ scopes: ['manage'] });
  const registered = await fetch(`${service.url}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${manage}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url, events: ['poll.closed'] }),
  });
  const { secret } = (await registered.json()) as { secret: string };
  const asked = await call('POST', '', LUNCH);
  const { id } = asked.body;
  expect([asked.status, asked.headers.get('location')]).toEqual([202, `/api/v1/polls/${id}`]);
  expect(asked.body.notification).toMatchObject({ deliveries: [{ state: 'queued' }, { state: 'queued' }] });
  expect(await vote('ana', id, 1)).toBe(200);
  await vote('ana', id, 0);
  await vote('ben', id, 1);
  const open = (await call('GET', `/${id}`)).body;
  expect(open).toMatchObject({
    ...{ id, question: 'Lunch?', state: 'open', several: false, anonymous: false, voters: 2, closedAt: null },
    choices: [
      { text: '=Soup', votes: 1 },
      { text: 'Salad, green', votes: 1 },
    ],
  });
  const openMs = Date.parse(open.closesAt) - Date.parse(open.createdAt);
  expect(Math.abs(openMs - 3_600_000)).toBeLessThan(10_000);
  const { body: page } = await call('GET', `/${id}/votes?limit=1`);
  expect(page.votes).toMatchObject([{ name: 'Ana Torres', choices: ['=Soup'] }]);
  const { body: rest } = await call('GET', `/${id}/votes?limit=1&cursor=${page.nextCursor}`);
  expect(rest).toMatchObject({ votes: [{ name: 'Ben Albrecht', choices: ['Salad, green'] }], nextCursor: null });
  const csv = await call('GET', `/${id}/csv`);
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const [head, ...lines] = csv.text.split('\r\n');
  expect(head).toBe(`name,person,'=Soup,"Salad, green"`);
  expect(lines).toEqual([
    expect.stringMatching(/^Ana Torres,aad:[0-9a-f-]{36},1,0$/),
    expect.stringMatching(/^Ben Albrecht,aad:[0-9a-f-]{36},0,1$/),
    '',
  ]);
  expect(await service.client.exportPoll(id)).toBe(csv.text);
  const closed = await call('POST', `/${id}/close`);
  expect([closed.status, closed.body.state, closed.body.voters]).toEqual([200, 'closed', 2]);
  await vote('ben', id, 0);
  expect((await call('POST', `/${id}/close`)).body).toEqual(closed.body);
  const [told] = await until(
    async () => receiver.requests.map((request) => verify(request, secret)),
    (requests) => requests.length > 0,
  );
  expect(told).toMatchObject({
    type: 'poll.closed',
    data: {
      ...{ notification: asked.body.notification.id, key: null, poll: id, question: 'Lunch?', voters: 2 },
      ...{ several: false, anonymous: false },
      choices: [
        { text: '=Soup', votes: 1 },
        { text: 'Salad, green', votes: 1 },
      ],
    },
  });
});

test('of an anonymous poll there are counts and nothing else', async () => {
  const id = await ask({ anonymous: true });
  await vote('ana', id, 1);
  expect((await call('GET', `/${id}`)).body).toMatchObject({ voters: 1, choices: [{ votes: null }, { votes: null }] });
  expect(await call('GET', `/${id}/votes`)).toMatchObject({ status: 409 });
  await call('POST', `/${id}/close`);
  expect((await call('GET', `/${id}/csv`)).text).toBe(`choice,votes\r\n'=Soup,0\r\n"Salad, green",1\r\n`);
});

test('votes outlive the process, and a poll whose time comes while nobody runs is closed at the start', async () => {
  const id = await ask({ closesIn: 'PT10S', anonymous: true });
  await vote('ana', id, 1);
  await service.restart();
  await vote('ben', id, 1);
  await vote('ana', id, 0);
  const { body } = await until(
    () => call('GET', `/${id}`),
    (answer) => answer.body.state === 'closed',
    30_000,
  );
  expect(body).toMatchObject({ voters: 2, choices: [{ votes: 1 }, { votes: 1 }] });
}, 60_000);

test('a request that comes again makes no second poll', async () => {
  const headers = { 'idempotency-key': 'lunch-1' };
  const first = await call('POST', '', LUNCH, headers);
  const again = await call('POST', '', LUNCH, headers);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await call('POST', '', { ...LUNCH, question: 'Dinner?' }, headers)).status).toBe(422);
});

test('polls are listed, newest first, page by page', async () => {
  const ids = [await ask(), await ask(), await ask()].toReversed();
  const first = (await call('GET', '?limit=2')).body;
  expect(first.polls.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  const second = (await call('GET', `?limit=1&cursor=${first.nextCursor}`)).body;
  expect(second.polls[0]).toMatchObject({ id: ids[2], state: 'open' });
});

test.each([
  [{ choices: ['one'] }, '/choices'],
  [{ choices: ['a', ' a'] }, '/choices'],
  [{ choices: Array.from({ length: 11 }, (_, at) => `${at}`) }, '/choices'],
  [{ choices: ['a', ' '] }, '/choices/1'],
  [{ choices: ['a', 'x'.repeat(129)] }, '/choices/1'],
  [{ question: 'x'.repeat(10_000) }, '/question'],
  [{ question: ' ' }, '/question'],
  [{ to: ['nobody'] }, '/to'],
  [{ to: [] }, '/to'],
  [{ closesAt: '2030-01-01T00:00:00Z' }, '/closesIn'],
  [{ closesIn: undefined, closesAt: '2001-01-01T00:00:00Z' }, '/closesAt'],
  [{ closesIn: undefined, closesAt: '2999-01-01T00:00:00Z' }, '/closesAt'],
  [{ closesIn: 'PT1S' }, '/closesIn'],
  [{ several: 'yes' }, '/several'],
  [{ title: 'Poll' }, '/title'],
  [{ ttl: 'P30D' }, '/ttl'],
])('what is wrong is refused, and nothing is stored: %#', async (fields, pointer) => {
  const before = (await call('GET', '?limit=1')).body;
  const { status, body } = await call('POST', '', { ...LUNCH, ...fields });
  expect(status).toBe(400);
  expect(body.faults[0].pointer).toContain(pointer);
  expect((await call('GET', '?limit=1')).body).toEqual(before);
});

test('nobody can read or close what another producer asked, and a key needs its scope', async () => {
  const id = await ask();
  const reader = await service.createKey({ scopes: ['read'] });
  const asReader = { authorization: `Bearer ${reader}` };
  expect((await call('POST', '', LUNCH, asReader)).status).toBe(403);
  expect((await call('POST', `/${id}/close`, undefined, asReader)).status).toBe(403);
  expect((await call('GET', `/${id}`, undefined, asReader)).status).toBe(200);
  for (const unknown of ['pol_00000000000000000000000000', 'pol_1', 'x', `${id}%00`]) {
    expect((await call('GET', `/${unknown}`)).status).toBe(404);
    expect((await call('GET', `/${unknown}/csv`)).status).toBe(404);
    expect((await call('POST', `/${unknown}/close`)).status).toBe(404);
  }
  expect((await call('POST', '', { ...LUNCH, to: ['zoe@contoso.com'] })).status).toBe(422);
});
