// The whole way in: signed requests against a served key set, through guard and SDK, to the use cases.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EmulatorValidation } from 'botframework-connector';
import { UnsecuredJWT } from 'jose';
import type { InboundEvent } from '../../../src/domain/inbound-event.ts';
import { CONNECTOR_HOSTS } from '../../../src/domain/service-url.ts';
import { createActivityEndpoint } from '../../../src/teams/activity-endpoint.ts';
import { createInboundGuard } from '../../../src/teams/inbound-guard.ts';
import { createSigningKeys } from '../../../src/teams/signing-keys.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import {
  APP_ID,
  type Body,
  bytesOf,
  cardAction,
  personalInstallation,
  personalMessage,
  TENANT_ID,
  teamActivity,
  USER_ID,
} from '../../unit/teams/inbound/activities.ts';
import { ISSUER, Signer } from '../../unit/teams/inbound/signer.ts';
import { KeyServer } from './key-server.ts';

const HOUR_MS = 3_600_000;

async function createFixture() {
  const clock = new ManualClock();
  const signer = new Signer(clock, 'k1');
  const server = await KeyServer.start();
  server.keys = [signer.entry];
  const keys = createSigningKeys({ clock, logger: silentLogger }, { openIdMetadataUrl: server.metadataUrl });
  const recorded: InboundEvent[] = [];
  const guard = createInboundGuard(
    { keys, clock, logger: silentLogger },
    {
      appId: APP_ID,
      issuer: ISSUER,
      serviceUrlPolicy: { kind: 'hosts', hosts: CONNECTOR_HOSTS },
      allowedTenants: new Set([TENANT_ID]),
      isUnauthenticatedLoopback: false,
    },
  );
  const handle = {
    async record(event: InboundEvent) {
      recorded.push(event);
      return 'new' as const;
    },
    answerAction: async () => ({ kind: 'retiredButton' }) as const,
  };
  const endpoint = createActivityEndpoint({ guard, handle, logger: silentLogger, clock }, { appId: APP_ID });
  const send = async (body: Body, authorization?: string) =>
    endpoint({ authorization, body: bytesOf(body), peerAddress: '203.0.113.7' });
  return { clock, signer, server, keys, recorded, send };
}

let fixture: Awaited<ReturnType<typeof createFixture>>;

beforeEach(async () => {
  fixture = await createFixture();
});

afterEach(async () => {
  await fixture.keys.stop();
  await fixture.server.stop();
});

const issuersOfSdk = () => [EmulatorValidation.ToBotFromEmulatorTokenValidationParameters.issuer].flat().length;

test('fifty requests to a cold service are all served, after two requests for keys', async () => {
  const { send, signer, server, recorded } = fixture;
  const authorization = await signer.authorize();
  const bodies = Array.from({ length: 50 }, (_, index) => personalMessage({ id: `${index}` }));
  const answers = await Promise.all(bodies.map((body) => send(body, authorization)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(recorded).toHaveLength(50);
  expect(server.requests).toHaveLength(2);
});

test('a turn opens no connection, whatever the activity', async () => {
  const { send, signer, keys } = fixture;
  await keys.start();
  const authorization = await signer.authorize();
  const members = [{ id: USER_ID }, { id: '29:2' }];
  let connections = 0;
  const count = () => {
    connections += 1;
  };
  subscribe('net.client.socket', count);
  try {
    for (const body of [
      personalMessage(),
      personalInstallation('add'),
      personalInstallation('remove'),
      teamActivity({ type: 'conversationUpdate', membersAdded: members }),
      teamActivity({ type: 'conversationUpdate', membersRemoved: members }),
      teamActivity({
        type: 'conversationUpdate',
        channelData: { eventType: 'teamRenamed', tenant: { id: TENANT_ID } },
      }),
      cardAction({ type: 'Action.Execute', verb: 'ack' }),
      personalMessage({ type: 'invoke', name: 'signin/tokenExchange' }),
    ]) {
      expect((await send(body, authorization)).status).toBeLessThanOrEqual(501);
    }
  } finally {
    unsubscribe('net.client.socket', count);
  }
  expect(connections).toBe(0);
});

test('a thousand unsigned tokens of as many tenants leave nothing behind, in the SDK or here', async () => {
  const { send, signer, server, keys, recorded } = fixture;
  await keys.start();
  const before = issuersOfSdk();
  for (let index = 0; index < 1_000; index += 1) {
    const tid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const iss = index % 2 ? ISSUER : `https://sts.windows.net/${tid}/`;
    const token = new UnsecuredJWT(signer.claims({ iss, tid, appid: APP_ID })).encode();
    expect(await send(personalMessage(), `Bearer ${token}AAAA`)).toEqual({ status: 401 });
  }
  expect(issuersOfSdk()).toBe(before);
  expect(server.requests).toHaveLength(2);
  expect(recorded).toEqual([]);
  expect(await send(personalMessage(), await signer.authorize())).toEqual({ status: 200 });
  expect(issuersOfSdk()).toBe(before);
});

test('every request is served while the metadata is down for a day', async () => {
  const { send, signer, server, keys, clock } = fixture;
  await keys.start();
  server.fault = { status: 503 };
  for (let hour = 0; hour <= 48; hour += 1) {
    expect(await send(personalMessage(), await signer.authorize())).toEqual({ status: 200 });
    clock.advance(HOUR_MS);
  }
  expect(keys.ageMs()).toBe(49 * HOUR_MS);
});

test('after a key roll, tokens of the new key are served within five minutes', async () => {
  const { send, server, keys, clock } = fixture;
  await keys.start();
  const successor = new Signer(clock, 'k2');
  server.keys = [successor.entry];
  clock.advance(300_000);
  expect(await send(personalMessage(), await successor.authorize())).toEqual({ status: 200 });
});

test('metadata that hangs delays nobody whose key is known, and refuses the rest after five seconds', async () => {
  const { send, signer, server, keys, clock } = fixture;
  await keys.start();
  server.fault = 'hang';
  clock.advance(300_000);
  const asked = server.nextRequest();
  const unknown = send(personalMessage(), await new Signer(clock, 'k9').authorize());
  await asked;
  expect(await send(personalMessage(), await signer.authorize())).toEqual({ status: 200 });
  clock.advance(5_000);
  expect(await unknown).toEqual({ status: 401 });
});

test('an activity that comes twice is told twice under the same ids, to be recorded once', async () => {
  const { send, signer, recorded } = fixture;
  const authorization = await signer.authorize();
  await send(personalMessage(), authorization);
  await send(personalMessage(), authorization);
  const ids = recorded.map(({ conversation, activityId }) => `${conversation.conversationId} ${activityId}`);
  expect(ids).toEqual(['a:1conv 1767225600000', 'a:1conv 1767225600000']);
});

test.each<[string, Body, number]>([
  ['a foreign tenant', personalMessage({ channelData: { tenant: { id: 'foreign' } } }), 403],
  ['no serviceUrl', personalMessage({ serviceUrl: null }), 400],
  ['an empty channel', personalMessage({ channelId: '' }), 400],
  ['no type', { ...personalMessage(), type: undefined }, 400],
])('with %s, nothing is recorded and the answer is a status alone', async (_name, body, status) => {
  const { send, signer, recorded } = fixture;
  expect(await send(body, await signer.authorize())).toEqual({ status });
  expect(await send(body)).toEqual({ status: 401 });
  expect(recorded).toEqual([]);
});

test('read receipts and reactions are recorded, with an id of their own and without', async () => {
  const { send, signer, recorded } = fixture;
  const authorization = await signer.authorize();
  const name = 'application/vnd.microsoft.readReceipt';
  const sign = { id: undefined, text: undefined };
  const receipt = personalMessage({ ...sign, type: 'event', name, value: { lastReadMessageId: '1767225600000' } });
  const reactions = { replyToId: '1767225600000', reactionsAdded: [{ type: 'like' }], reactionsRemoved: 'none' };
  const reaction = teamActivity({ ...sign, type: 'messageReaction', ...reactions });
  for (const body of [receipt, { ...receipt, id: 'f:1' }, reaction, { ...reaction, id: 'f:2' }]) {
    expect(await send(body, authorization)).toEqual({ status: 200 });
  }
  expect(recorded.map(({ kind }) => kind)).toEqual(['read', 'read', 'reaction', 'reaction']);
});

test('a read receipt and a reaction that say nothing are taken and change nothing', async () => {
  const { send, signer, recorded } = fixture;
  const authorization = await signer.authorize();
  const parts = { id: undefined, value: 7, name: 7, reactionsAdded: 7, replyToId: '../x' };
  for (const type of ['event', 'messageReaction']) {
    expect(await send(personalMessage({ ...parts, type }), authorization)).toEqual({ status: 200 });
  }
  expect(recorded.map(({ kind }) => kind)).toEqual(['other', 'other']);
});
