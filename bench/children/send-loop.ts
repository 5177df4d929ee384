// Posts messages to a Connector in three ways, as often as it is told, and says how much CPU time that took.

import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type ConversationReference } from 'botbuilder';
import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import type { Activity } from 'botframework-schema';
import { Pool } from 'undici';
import { systemClock } from '../../src/domain/clock.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { EventContent } from '../../src/domain/notification.ts';
import { buildMessage } from '../../src/teams/cards/message.ts';
import { createConnector } from '../../src/teams/connector.ts';
import { createSender } from '../../src/teams/sender.ts';
import { repeat } from '../load.ts';
import { ORDINARY_EVENT } from '../samples.ts';
import type { SendLoopAnswer, SendLoopOptions, SendLoopTask, Way } from '../send-loop.ts';

type Post = (conversationId: string) => Promise<void>;

const CONCURRENCY = 16;
const TENANT_ID = '00000000-0000-4000-8000-000000000002';

/** The request and nothing else; the body is made once. */
function createBarePost({ serviceUrl, token }: SendLoopOptions): Post {
  const { origin, pathname } = new URL(serviceUrl);
  const pool = new Pool(origin, { connections: CONCURRENCY });
  const message = JSON.stringify(buildMessage(ORDINARY_EVENT, { isReduced: false }));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
  return async (conversationId) => {
    const path = `${pathname}v3/conversations/${encodeURIComponent(conversationId)}/activities`;
    const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: message });
    await body.text();
    expectPosted(statusCode === 201, statusCode);
  };
}

function createSenderPost({ serviceUrl, token }: SendLoopOptions, nextEvent: () => EventContent): Post {
  const tokens = { get: async () => token, invalidate: () => undefined };
  const serviceUrlPolicy = { kind: 'prefix', prefix: serviceUrl } as const;
  const connector = createConnector({ tokens, clock: systemClock }, { serviceUrlPolicy });
  const sender = createSender({ connector, tokens, clock: systemClock });
  return async (conversationId) => {
    const { outcome } = await sender.post(
      {
        requestId: crypto.randomUUID(),
        tenantId: TENANT_ID,
        serviceUrl,
        conversationId,
        content: nextEvent(),
        isReduced: false,
        acceptedAtMs: Date.now(),
      },
      new AbortController().signal,
    );
    expectPosted(outcome.kind === 'delivered', outcome.kind);
  };
}

/** The SDK as its documentation says, with a token of our own: its way to ask for one cannot be pointed here. */
function createSdkPost({ appId, serviceUrl, token }: SendLoopOptions): Post {
  const signRequest = async (request: { headers: { set(name: string, value: string): void } }) => {
    request.headers.set('authorization', `Bearer ${token}`);
    return request;
  };
  const factory = {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({ signRequest }),
  } as unknown as ServiceClientCredentialsFactory;
  const identity = { MicrosoftAppId: appId, MicrosoftAppType: 'MultiTenant' };
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(identity, factory));
  return async (conversationId) => {
    const reference = {
      channelId: 'msteams',
      serviceUrl,
      conversation: { id: conversationId, tenantId: TENANT_ID },
      bot: { id: `28:${appId}` },
    } as ConversationReference;
    await adapter.continueConversationAsync(appId, reference, async (context) => {
      const message = buildMessage(ORDINARY_EVENT, { isReduced: false }) as Partial<Activity>;
      const answer = await context.sendActivity(message);
      expectPosted(answer?.id !== undefined, 'no id');
    });
  };
}

function expectPosted(isPosted: boolean, found: string | number): void {
  if (!isPosted) {
    throw new AppError('internal', `Expected every message to be posted, got ${found}`);
  }
}

/** Starts from a clean heap, so that no way pays for what another one left behind. */
async function measure(post: Post, { count }: SendLoopTask, { peopleCount }: SendLoopOptions): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await repeat({ count, concurrency: CONCURRENCY }, (index) => post(`a:1p${index % peopleCount}`));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

function answer(message: SendLoopAnswer): void {
  process.send?.(message);
}

const options: SendLoopOptions = JSON.parse(process.argv[2] ?? '{}');
const ways: Readonly<Record<Way, Post>> = {
  undici: createBarePost(options),
  sender: createSenderPost(options, () => ORDINARY_EVENT),
  variedSender: createSenderPost(options, () => ({ ...ORDINARY_EVENT })),
  cloudAdapter: createSdkPost(options),
};
process.on('message', (task: SendLoopTask) => {
  measure(ways[task.way], task, options).then(
    (cpuMsPerMessage) => answer({ cpuMsPerMessage }),
    (error: unknown) => answer({ complaint: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
