// Our connector and Microsoft's SDK say the same on the wire.

import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type ConversationParameters,
  type TurnContext,
} from 'botbuilder';
import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import { buildMessage } from '../../../src/teams/cards/message.ts';
import { createSender } from '../../../src/teams/sender.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { connectTo, TOKEN } from './connector-fixture.ts';
import { type RecordedRequest, startRecordingServer } from './local-servers.ts';

const APP_ID = '00000000-0000-4000-8000-000000000001';
const TENANT_ID = '00000000-0000-4000-8000-000000000002';
const BOT = { id: `28:${APP_ID}` };
/** When the notification was accepted. */
const AT_MS = Date.UTC(2026, 0, 1);
const CONTENT = {
  kind: 'event',
  title: 'Deploy finished',
  severity: 'success',
  facts: [{ name: 'Service', value: 'api' }],
  links: [{ title: 'View run', url: 'https://ci.example/1' }],
  source: 'builds',
} as const;

/** A Connector that knows one chat. */
function startConnector() {
  return startRecordingServer(({ path }) =>
    path === '/v3/conversations' ? { status: 201, body: '{"id":"a:1conv"}' } : { status: 201, body: '{"id":"17"}' },
  );
}

/** The SDK with a token of our own: its own way of asking for one cannot be pointed at a local server. */
function createSdkAdapter(): CloudAdapter {
  const signRequest = async (request: { headers: { set(name: string, value: string): void } }) => {
    request.headers.set('authorization', `Bearer ${TOKEN}`);
    return request;
  };
  const factory = {
    isValidAppId: async (appId: string) => appId === APP_ID,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({ signRequest }),
  } as unknown as ServiceClientCredentialsFactory;
  return new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication({ MicrosoftAppId: APP_ID, MicrosoftAppType: 'MultiTenant' }, factory),
  );
}

async function sendBySdk(): Promise<readonly RecordedRequest[]> {
  const server = await startConnector();
  const adapter = createSdkAdapter();
  const parameters = {
    isGroup: false,
    bot: BOT,
    members: [{ id: '29:ana' }],
    tenantId: TENANT_ID,
    channelData: { tenant: { id: TENANT_ID } },
  } as ConversationParameters;
  let conversationId = '';
  await adapter.createConversationAsync(APP_ID, 'msteams', server.url, '', parameters, async (context) => {
    conversationId = context.activity.conversation.id;
  });
  const reference = {
    channelId: 'msteams',
    serviceUrl: server.url,
    conversation: { id: conversationId, tenantId: TENANT_ID },
    bot: BOT,
  };
  await adapter.continueConversationAsync(APP_ID, reference as never, async (context: TurnContext) => {
    // Else it would reply to the made-up activity that began the turn.
    context.onSendActivities(async (_context, activities, next) => {
      for (const activity of activities) {
        delete activity.replyToId;
      }
      return next();
    });
    await context.sendActivity(buildMessage(CONTENT, { isReduced: false, acceptedAtMs: AT_MS }) as Partial<Activity>);
  });
  await server.close();
  return server.requests;
}

async function sendByUs(): Promise<readonly RecordedRequest[]> {
  const server = await startConnector();
  const { connector, close } = connectTo(server);
  const sender = createSender({ connector, tokens: { get: async () => TOKEN }, clock: new ManualClock() });
  const signal = new AbortController().signal;
  const common = { requestId: 'req-1', tenantId: TENANT_ID, serviceUrl: server.url };
  const { outcome } = await sender.createConversation({ ...common, botAccountId: BOT.id, memberId: '29:ana' }, signal);
  const conversationId = outcome.kind === 'created' ? outcome.conversationId : '';
  await sender.post({ ...common, conversationId, content: CONTENT, isReduced: false, acceptedAtMs: AT_MS }, signal);
  await close();
  return server.requests;
}

/** What both must agree on; the SDK adds fields of the activity that Teams documents as optional. */
function essence({ method, path, headers, body }: RecordedRequest) {
  const { isGroup, bot, members, tenantId, channelData, type, summary, attachments, text } = JSON.parse(body);
  return {
    method,
    path,
    authorization: headers.authorization,
    contentType: headers['content-type'],
    hasRequestId: typeof headers['x-ms-client-request-id'] === 'string',
    body: { isGroup, bot, members, tenantId, channelData, type, summary, attachments, text },
  };
}

test('a chat is opened and a card is posted in the same form', async () => {
  const bySdk = (await sendBySdk()).map(essence);
  const byUs = (await sendByUs()).map(essence);
  expect(byUs).toHaveLength(2);
  expect(byUs).toEqual(bySdk);
});
