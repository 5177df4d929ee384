// Teams, channels, group chats and topics through the whole service, as people see them in Teams.

import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../../src/domain/clock.ts';
import { addProducer } from '../../../src/producers/administer.ts';
import { readableText } from '../../../src/sandbox/card-text.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { messagesOf } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

let service: RunningService;
let team: { readonly id: string; readonly channels: readonly { readonly id: string }[] };
let chatId: string;
let incidents: string;

/** Ana has the bot herself, Ben and Chloé are in the team and in the group chat only. */
beforeEach(async () => {
  service = await startService();
  const { organisation, people } = service.sandbox;
  const [first] = organisation.teams;
  team = first ?? { id: '', channels: [] };
  incidents = team.channels.at(-1)?.id ?? '';
  chatId = organisation.groupChats[0]?.id ?? '';
  await people.install('operations');
  await people.install('on-call');
  await installReachable(service, 'ana');
  const everywhere = [
    `team:${team.id}`,
    `channel:${incidents}`,
    `chat:${chatId}`,
    'ben@contoso.com',
    'chloe@contoso.com',
  ];
  await until(
    () => service.client.tryNotification({ to: everywhere, title: 'Hello' }),
    ({ unresolved }) => unresolved.length === 0,
  );
});

afterEach(() => service.stop());

const send = async (fields: object) => {
  const response = await service.post({ title: 'Disk almost full', severity: 'warning', ...fields });
  const json: unknown = await response.json();
  expect([response.status, json]).toEqual([202, expect.anything()]);
  return Object(json) as { readonly id: string };
};

/** What stands in a place beside the greeting: each message with where in its list of threads it stands. */
const placeMessages = (conversationId: string) => {
  const { conversations } = service.sandbox;
  const place = conversations.find(conversationId);
  const messages = place ? conversations.messages(place) : [];
  return messages
    .filter(({ deletedAtMs }) => deletedAtMs === undefined)
    .map(({ id, threadId, activity }) => ({ id, threadId, text: readableText(activity).join('\n') }))
    .filter(({ text }) => !text.includes('Good to be here'));
};

const untilIn = (conversationId: string, ...parts: readonly string[]) =>
  until(
    async () => placeMessages(conversationId),
    (messages) => messages.length === parts.length && parts.every((part, at) => messages[at]?.text.includes(part)),
  );

const untilDone = (id: string) =>
  until(
    () => service.getStatus(id),
    ({ progress }) => progress === 'done',
  );

test('a team reads it in General, a channel and a group chat where they are', async () => {
  await send({ to: [`team:${team.id}`, `channel:${incidents}`, `chat:${chatId}`] });
  for (const place of [team.id, incidents, chatId]) {
    const [message] = await untilIn(place, 'Disk almost full');
    expect(message?.threadId).toBeUndefined();
  }
});

test('each member of a team gets it once, whether they have the bot themselves or not', async () => {
  const { id } = await send({ to: [`team-members:${team.id}`, 'ana@contoso.com'] });
  expect(await untilDone(id)).toMatchObject({ counts: { sent: 3 }, broadcasts: [`team-members:${team.id}`] });
  for (const person of ['ana', 'ben', 'chloe']) {
    const told = messagesOf(service.sandbox, person).filter((text) => text.includes('Disk almost full'));
    expect(told).toHaveLength(1);
  }
});

test('a member without the bot can be written to by name', async () => {
  const { id } = await send({ to: 'ben@contoso.com' });
  expect(await untilDone(id)).toMatchObject({ counts: { sent: 1 } });
  expect(messagesOf(service.sandbox, 'ben')).toEqual([expect.stringContaining('Disk almost full')]);
});

test('who left the team in Teams meanwhile is told to be without the bot', async () => {
  service.sandbox.faults.add({
    operation: 'createConversation',
    answer: { kind: 'error', name: 'ForbiddenOperationException' },
  });
  const { id } = await send({ to: 'ben@contoso.com' });
  expect(await untilDone(id)).toMatchObject({
    counts: { failed: 1 },
    deliveries: [{ reason: { code: 'not_installed' } }],
  });
});

describe('about one key, in a channel', () => {
  const disk = (fields: object = {}) => send({ to: `channel:${incidents}`, key: 'disk', ...fields });

  test('a later episode is told in the thread of the first, and edits stay where their message is', async () => {
    await disk();
    const [root] = await untilIn(incidents, 'Disk almost full');
    await disk({ state: 'resolved', title: 'Disk has room' });
    await untilIn(incidents, 'Disk has room');
    await disk({ title: 'Disk full again' });
    const [, reply] = await untilIn(incidents, 'Disk has room', 'Disk full again');
    expect(reply?.threadId).toBe(root?.id);
    await disk({ state: 'resolved', title: 'Room again' });
    await untilIn(incidents, 'Disk has room', 'Room again');
    const edits = service.sandbox.ledger.since(0).filter(({ operation }) => operation === 'updateActivity');
    expect(edits.map(({ conversationId }) => conversationId)).toEqual([
      incidents,
      `${incidents};messageid=${root?.id}`,
    ]);
    await disk({ title: 'A third time' });
    const messages = await untilIn(incidents, 'Disk has room', 'Room again', 'A third time');
    expect(messages.map(({ threadId }) => threadId)).toEqual([undefined, root?.id, root?.id]);
  });

  test('another key, and no key, begin threads of their own', async () => {
    await disk();
    await untilIn(incidents, 'Disk almost full');
    await disk({ key: 'memory', title: 'Memory' });
    await untilIn(incidents, 'Disk almost full', 'Memory');
    await send({ to: `channel:${incidents}`, title: 'Plain' });
    const messages = await untilIn(incidents, 'Disk almost full', 'Memory', 'Plain');
    expect(messages.map(({ threadId }) => threadId)).toEqual([undefined, undefined, undefined]);
  });

  test('a thread that Teams has lost is begun anew, and the channel stays reachable', async () => {
    await disk();
    await untilIn(incidents, 'Disk almost full');
    await disk({ state: 'resolved', title: 'Disk has room' });
    await untilIn(incidents, 'Disk has room');
    service.sandbox.faults.add({
      operation: 'sendToConversation',
      answer: { kind: 'error', name: 'ConversationNotFound' },
    });
    const { id } = await disk({ title: 'Disk full again' });
    const [, anew] = await untilIn(incidents, 'Disk has room', 'Disk full again');
    expect(anew?.threadId).toBeUndefined();
    expect(await untilDone(id)).toMatchObject({ counts: { sent: 1 } });
    await send({ to: `channel:${incidents}`, title: 'Still here' });
    await untilIn(incidents, 'Disk has room', 'Disk full again', 'Still here');
  });

  test('a recall takes a reply out of its thread', async () => {
    await disk();
    const [root] = await untilIn(incidents, 'Disk almost full');
    await disk({ state: 'resolved', title: 'Disk has room' });
    await untilIn(incidents, 'Disk has room');
    const { id } = await disk({ title: 'Disk full again' });
    await untilIn(incidents, 'Disk has room', 'Disk full again');
    await fetch(`${service.url}/api/v1/notifications/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${service.apiKey}` },
    });
    await untilIn(incidents, 'Disk has room');
    const removals = service.sandbox.ledger.since(0).filter(({ operation }) => operation === 'deleteActivity');
    expect(removals.map(({ conversationId }) => conversationId)).toEqual([`${incidents};messageid=${root?.id}`]);
  });
});

describe('topics', () => {
  const manage = async (method: string, path = '', body?: object, key?: string) => {
    const bearer = key ?? (await service.createKey({ scopes: ['manage'] }));
    const response = await fetch(`${service.url}/api/v1/topics${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  };

  test('are made, described, listed and deleted', async () => {
    const made = await manage('PUT', '/Deploys', { description: 'Deployments' });
    expect(made).toMatchObject({ status: 201, json: { name: 'deploys', description: 'Deployments', subscribers: 0 } });
    const changed = await manage('PUT', '/deploys', { description: 'Every deployment' });
    expect(changed).toMatchObject({ status: 200, json: { description: 'Every deployment' } });
    expect(await manage('GET')).toMatchObject({ status: 200, json: { topics: [{ name: 'deploys' }] } });
    expect((await manage('DELETE', '/deploys')).status).toBe(204);
    expect((await manage('GET', '/deploys')).status).toBe(404);
    expect((await manage('DELETE', '/deploys')).status).toBe(404);
  });

  test('reach the people who were subscribed, and nobody else', async () => {
    await manage('PUT', '/deploys', { description: 'Deployments' });
    const people = ['ben@contoso.com', 'BEN@contoso.com', 'nobody@contoso.com'];
    expect((await manage('POST', '/deploys/subscribers', { people })).json.subscribers).toEqual([
      { person: 'ben@contoso.com', isSubscribed: true, isChanged: true },
      { person: 'BEN@contoso.com', isSubscribed: true, isChanged: false },
      {
        person: 'nobody@contoso.com',
        isSubscribed: false,
        isChanged: false,
        reason: 'unknown',
        detail: expect.anything(),
      },
    ]);
    expect((await manage('GET', '/deploys')).json).toMatchObject({ subscribers: 1 });
    const { id } = await send({ to: 'topic:Deploys' });
    expect(await untilDone(id)).toMatchObject({ counts: { sent: 1 }, broadcasts: ['topic:Deploys'] });
    expect(messagesOf(service.sandbox, 'ben')).toEqual([expect.stringContaining('Disk almost full')]);
  });

  test('have people come and go', async () => {
    await manage('PUT', '/deploys', { description: 'Deployments' });
    const ana = { people: ['ana@contoso.com'] };
    const change = async (path: string) => (await manage('POST', `/deploys/subscribers${path}`, ana)).json.subscribers;
    expect(await change('')).toMatchObject([{ isSubscribed: true, isChanged: true }]);
    expect(await change('/remove')).toMatchObject([{ isSubscribed: false, isChanged: true }]);
    expect(await change('/remove')).toMatchObject([{ isSubscribed: false, isChanged: false }]);
    expect((await manage('POST', '/none/subscribers', ana)).status).toBe(404);
  });

  test('are refused with everything that is wrong', async () => {
    expect((await manage('PUT', `/${'x'.repeat(65)}`, { description: 'x' })).status).toBe(400);
    expect((await manage('PUT', '/a', { description: '' })).json.faults).toMatchObject([{ pointer: '/description' }]);
    expect((await manage('PUT', '/a', { description: 'two\nlines' })).status).toBe(400);
    expect((await manage('PUT', '/a', { description: 'x', colour: 'red' })).status).toBe(400);
    await manage('PUT', '/a', { description: 'x' });
    expect((await manage('POST', '/a/subscribers', { people: [] })).status).toBe(400);
    expect((await manage('POST', '/a/subscribers', { people: ['topic:a'] })).json.faults).toMatchObject([
      { pointer: '/people/0' },
    ]);
    expect((await manage('GET', '', undefined, service.apiKey)).status).toBe(403);
  });

  test('let a key subscribe only those whom it may address', async () => {
    await manage('PUT', '/a', { description: 'x' });
    const key = await service.createKey({ scopes: ['manage'], recipients: ['ben@contoso.com'] });
    const people = ['ana@contoso.com', 'ben@contoso.com'];
    const { json } = await manage('POST', '/a/subscribers', { people }, key);
    expect(json.subscribers).toMatchObject([{ reason: 'not_allowed' }, { isSubscribed: true }]);
  });
});

describe('topics and a producer of one tenant', () => {
  test('it may read them, and not change what people of all tenants see', async () => {
    const other = '99999999-1111-4111-8111-111111111111';
    const { store, clock } = await openStore(`sqlite:${service.databasePath}`, { isServer: false, clock: systemClock });
    await addProducer({ store, clock, randomBytes }, 'theirs', other);
    await store.close();
    const own = await service.createKey({ scopes: ['manage'] });
    const theirs = await service.createKey({ producer: 'theirs', scopes: ['manage'] });
    const ask = async (method: string, path: string, key: string, body?: object) => {
      const response = await fetch(`${service.url}/api/v1/topics${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    };
    await ask('PUT', '/deploys', own, { description: 'Deployments' });
    expect((await ask('GET', '/deploys', theirs)).status).toBe(200);
    expect((await ask('PUT', '/deploys', theirs, { description: 'Mine' })).status).toBe(403);
    expect((await ask('DELETE', '/deploys', theirs)).status).toBe(403);
    const subscribed = await ask('POST', '/deploys/subscribers', theirs, { people: ['ana@contoso.com'] });
    expect(JSON.parse(subscribed.text).subscribers).toMatchObject([{ isSubscribed: false, reason: 'unknown' }]);
  });
});

test('what is urgent may pass quiet hours only by a key that may let it', async () => {
  const contentOf = async (scopes: readonly ('send' | 'urgent')[], priority: string) => {
    const authorization = `Bearer ${await service.createKey({ scopes })}`;
    const response = await service.post({ to: 'ana@contoso.com', title: 'Fire', priority }, { authorization });
    const { id }: { readonly id: string } = Object(await response.json());
    const db = new DatabaseSync(service.databasePath, { readOnly: true });
    const row = db.prepare('SELECT content FROM notification WHERE public_id = ?').get(id);
    db.close();
    return JSON.parse(String(row?.['content'])).passesQuiet;
  };
  expect(await contentOf(['send', 'urgent'], 'urgent')).toBe(true);
  expect(await contentOf(['send', 'urgent'], 'normal')).toBeUndefined();
  expect(await contentOf(['send'], 'urgent')).toBeUndefined();
});
