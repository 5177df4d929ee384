// The 1:1 chat that the bot opens, in the exact form in which the documentation of Teams shows it.

import { systemClock } from '../../../src/domain/clock.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type Connector, createConnector } from '../../../src/teams/connector.ts';
import { createDirectConversations } from '../../../src/teams/direct-conversation.ts';
import { nextMessage } from '../../support/chat.ts';
import { APP_ID } from '../../support/store-fixtures.ts';
import { connectTo } from './connector-fixture.ts';
import { type RecordingServer, startRecordingServer } from './local-servers.ts';

const APP_SECRET = 'canary-app-secret-1b2c3';

/** The body of `POST /v3/conversations` as it is documented. */
const documented = (botId: string, userId: string, tenantId: string) => ({
  bot: {
    id: botId,
    name: 'The Bot',
  },
  members: [
    {
      id: userId,
    },
  ],
  channelData: {
    tenant: {
      id: tenantId,
    },
  },
});

describe('in a chat of the sandbox', () => {
  let sandbox: Sandbox;
  let bot: RecordingServer;
  let connector: Connector;
  let token: string;

  beforeEach(async () => {
    sandbox = createSandbox({ appId: APP_ID, appSecret: APP_SECRET });
    await sandbox.start();
    bot = await startRecordingServer(() => ({ status: 200 }));
    sandbox.setBotEndpoint(`${bot.url}/api/messages`);
    token = await readToken(sandbox.url);
    const tokens = { get: async () => token, invalidate: () => undefined };
    connector = createConnector(
      { clock: systemClock, tokens },
      { serviceUrlPolicy: { kind: 'prefix', prefix: sandbox.serviceUrl } },
    );
    await sandbox.people.install('ana');
  });

  afterEach(async () => {
    await connector.close();
    await bot.close();
    await sandbox.stop();
  });

  const ana = () => ({
    userId: sandbox.organisation.people[0]?.teamsUserId ?? '',
    tenantId: sandbox.organisation.tenantId,
  });

  test('the documented request gives its id, and the same one the next time', async () => {
    const { userId, tenantId } = ana();
    const post = async () => {
      const response = await fetch(new URL('v3/conversations', sandbox.serviceUrl), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(documented(`28:${APP_ID}`, userId, tenantId)),
      });
      return { status: response.status, body: await response.json() };
    };
    const first = await post();
    expect(first).toEqual({ status: expect.any(Number), body: { id: expect.stringMatching(/^a:/) } });
    expect((await post()).body).toEqual(first.body);
  });

  test('an activity as it was received tells with whom, and what is sent there arrives', async () => {
    await sandbox.people.write('ana', 'Hi');
    const activity = JSON.parse(bot.requests.at(-1)?.body ?? '{}');
    expect(activity.text).toBe('Hi');
    const createOrGetDirectConversation = createDirectConversations({
      ...{ connector, clock: systemClock, createRequestId: () => 'req-1' },
      serviceUrl: activity.serviceUrl,
    });
    const { recipient, from, channelData } = activity;

    const response = await createOrGetDirectConversation(recipient, from, channelData.tenant.id);
    expect(response).toEqual({ id: activity.conversation.id });
    expect(await createOrGetDirectConversation(recipient, from, channelData.tenant.id)).toEqual(response);

    const arrived = nextMessage(sandbox, 'Hello');
    const newActivity = { text: 'Hello', type: 'message', conversation: { id: response.id } };
    const target = { serviceUrl: activity.serviceUrl, requestId: 'req-2' };
    const sent = await connector.sendToConversation(target, response.id, newActivity as object);
    expect(sent).toMatchObject({ kind: 'response', status: 201 });
    expect(await arrived).toEqual(['Hello']);
  });

  test('nobody’s chat is no chat, and the reason is told', async () => {
    const createOrGetDirectConversation = createDirectConversations({
      ...{ connector, clock: systemClock, createRequestId: () => 'req-1' },
      serviceUrl: sandbox.serviceUrl,
    });
    const opened = createOrGetDirectConversation({ id: `28:${APP_ID}` }, { id: '29:nobody' }, ana().tenantId);
    await expect(opened).rejects.toMatchObject({
      code: 'no_recipient',
      message: expect.stringMatching(/^Teams did not open the chat\. \w/),
    });
  });
});

describe('on the wire', () => {
  test('it is the documented request: these fields, and no other', async () => {
    const server = await startRecordingServer(() => ({ status: 201, body: '{"id":"a:1chat"}' }));
    const { connector, close } = connectTo(server);
    const createOrGetDirectConversation = createDirectConversations({
      ...{ connector, clock: systemClock, createRequestId: () => 'req-1' },
      serviceUrl: server.url,
    });
    const ana = { id: '29:ana', name: 'Ana', aadObjectId: 'x' };
    const chat = await createOrGetDirectConversation({ id: '28:app', name: 'The Bot' }, ana, 'tenant');
    expect(chat).toEqual({ id: 'a:1chat' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: expect.stringMatching(/\/v3\/conversations$/) });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(documented('28:app', '29:ana', 'tenant'));
    await close();
  });

  test('whoever asks too often is told when to come again', async () => {
    const server = await startRecordingServer(() => ({ status: 429, headers: { 'retry-after': '7' } }));
    const { connector, close } = connectTo(server);
    const createOrGetDirectConversation = createDirectConversations({
      ...{ connector, clock: systemClock, createRequestId: () => 'req-1' },
      serviceUrl: server.url,
    });
    const opened = createOrGetDirectConversation({ id: '28:app' }, { id: '29:ana' }, 'tenant');
    await expect(opened).rejects.toMatchObject({ code: 'no_recipient', retryAfterMs: 7_000 });
    await close();
  });
});

async function readToken(url: string): Promise<string> {
  const response = await fetch(`${url}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: APP_ID, client_secret: APP_SECRET },
      scope: 'https://api.botframework.com/.default',
    }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}
