// What the connector writes, and what it will not.

import { type ConnectorFixture, connectTo, TOKEN } from './connector-fixture.ts';
import { type RecordingServer, startRecordingServer } from './local-servers.ts';

const MESSAGE = { type: 'message', summary: 'Grüße 🚀' };

let server: RecordingServer;
let fixture: ConnectorFixture;

beforeEach(async () => {
  server = await startRecordingServer(() => ({ status: 200, body: '{"id":"17"}' }));
  fixture = connectTo(server);
});
afterEach(() => fixture.close());

const PLACE = { conversationId: '19:ch@thread.tacv2;messageid=16', activityId: '17' };
const CREATE = {
  isGroup: false,
  bot: { id: '28:app' },
  members: [{ id: '29:ana' }],
  tenantId: 't1',
  channelData: { tenant: { id: 't1' } },
};

test.each<[string, string, string, (fixture: ConnectorFixture) => Promise<unknown>]>([
  [
    'create a conversation',
    'POST',
    '/v3/conversations',
    ({ connector, target }) => connector.createConversation(target, CREATE),
  ],
  [
    'send',
    'POST',
    '/v3/conversations/a%3A1conv/activities',
    ({ connector, target }) => connector.sendToConversation(target, 'a:1conv', MESSAGE),
  ],
  [
    'reply',
    'POST',
    '/v3/conversations/19%3Ach%40thread.tacv2%3Bmessageid%3D16/activities/17',
    ({ connector, target }) => connector.replyToActivity(target, PLACE, MESSAGE),
  ],
  [
    'update',
    'PUT',
    '/v3/conversations/19%3Ach%40thread.tacv2%3Bmessageid%3D16/activities/17',
    ({ connector, target }) => connector.updateActivity(target, PLACE, MESSAGE),
  ],
  [
    'delete',
    'DELETE',
    '/v3/conversations/19%3Ach%40thread.tacv2%3Bmessageid%3D16/activities/17',
    ({ connector, target }) => connector.deleteActivity(target, PLACE),
  ],
  [
    'ask for a page of members',
    'GET',
    '/v3/conversations/19%3Ateam/pagedmembers?pageSize=500&continuationToken=a%2Bb%2F%3D%26x',
    ({ connector, target }) => connector.getMembers(target, '19:team', { size: 500, continuation: 'a+b/=&x' }),
  ],
  ['ask for a team', 'GET', '/v3/teams/19%3Ateam', ({ connector, target }) => connector.getTeam(target, '19:team')],
  [
    'ask for channels',
    'GET',
    '/v3/teams/19%3Ateam/conversations',
    ({ connector, target }) => connector.getChannels(target, '19:team'),
  ],
  [
    'look up a member',
    'GET',
    '/v3/conversations/a%3A1conv/members/29%3Aana',
    ({ connector, target }) => connector.getMember(target, 'a:1conv', '29:ana'),
  ],
])('to %s is one %s %s with token and request id', async (_name, method, path, call) => {
  await expect(call(fixture)).resolves.toMatchObject({ kind: 'response', status: 200, body: '{"id":"17"}' });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    method,
    path,
    headers: { authorization: `Bearer ${TOKEN}`, 'x-ms-client-request-id': 'req-1' },
  });
});

test('an activity arrives as UTF-8 JSON of the stated length', async () => {
  await fixture.connector.sendToConversation(fixture.target, 'a:1conv', MESSAGE);
  const [request] = server.requests;
  expect(JSON.parse(request?.body ?? '')).toEqual(MESSAGE);
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(JSON.stringify(MESSAGE))),
  });
});

test('a path in the service address is kept', async () => {
  const serviceUrl = `${server.url}amer`;
  await fixture.connector.sendToConversation({ ...fixture.target, serviceUrl }, 'a:1conv', MESSAGE);
  expect(server.requests[0]?.path).toBe('/amer/v3/conversations/a%3A1conv/activities');
});

test.each(['', '.', '..', 'a/b', 'a\\b', '%2e%2e', 'a?b', 'a#b', 'a b', 'a\r\nb', 'ä', 'x'.repeat(513)])(
  'the id %j is not sent anywhere',
  async (id) => {
    const { connector, target } = fixture;
    const refused = { kind: 'refused', because: 'malformed_id' };
    await expect(connector.sendToConversation(target, id, MESSAGE)).resolves.toEqual(refused);
    await expect(connector.updateActivity(target, { conversationId: 'a:1', activityId: id }, MESSAGE)).resolves.toEqual(
      refused,
    );
    await expect(connector.getMember(target, 'a:1conv', id)).resolves.toEqual(refused);
    expect(server.connectionCount).toBe(0);
  },
);

test.each([
  'https://evil.example/',
  'https://smba.trafficmanager.net.evil.example/',
  'http://localhost:1/',
  'not a url',
  '',
])('the service address %j gets no request and no token', async (serviceUrl) => {
  const { connector, target } = fixture;
  const answer = await connector.sendToConversation({ ...target, serviceUrl }, 'a:1conv', MESSAGE);
  expect(answer).toEqual({ kind: 'refused', because: 'untrusted_service_url' });
  expect(server.connectionCount).toBe(0);
});

test('two hundred calls at once share sixteen connections', async () => {
  const { connector, target } = fixture;
  await Promise.all(Array.from({ length: 200 }, () => connector.sendToConversation(target, 'a:1conv', MESSAGE)));
  expect(server.requests).toHaveLength(200);
  expect(server.connectionCount).toBeLessThanOrEqual(16);
});

test('a redirect is an answer: nobody follows it, and no token goes along', async () => {
  const elsewhere = await startRecordingServer(() => ({ status: 200, body: '{"id":"1"}' }));
  for (const status of [301, 302, 303, 307, 308]) {
    const redirecting = await startRecordingServer(() => ({ status, headers: { location: elsewhere.url } }));
    const local = connectTo(redirecting);
    await expect(local.connector.sendToConversation(local.target, 'a:1conv', MESSAGE)).resolves.toMatchObject({
      status,
    });
    expect(redirecting.requests).toHaveLength(1);
    await local.close();
  }
  expect(elsewhere.connectionCount).toBe(0);
  await elsewhere.close();
});

test('a 401 gives the token that was used back', async () => {
  const refusing = await startRecordingServer(() => ({ status: 401, body: '{}' }));
  const local = connectTo(refusing);
  await local.connector.sendToConversation(local.target, 'a:1conv', MESSAGE);
  expect(local.invalidated).toEqual([TOKEN]);
  expect(refusing.requests).toHaveLength(1);
  await local.close();
});
