// What the bot receives when people do something, and what happens when it does not answer.

import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { SandboxPerson } from '../../../src/sandbox/organisation.ts';
import { APP_ID, call, cardActivity, type Fixture, startFixture } from './sandbox-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false, deliveryRetryDelaysMs: [1, 1], keptRetryMs: 20 });
});
afterEach(() => fixture.close());

const ana = () => fixture.sandbox.organisation.findPerson('ana') as SandboxPerson;

async function postToAna(activity: Record<string, unknown>): Promise<string> {
  fixture.sandbox.people.installQuietly('ana');
  const reply = await call(fixture.sandbox, `POST v3/conversations/${ana().conversationId}/activities`, {
    body: activity,
  });
  return String(reply.json['id']);
}

const cardWith = (...actions: Record<string, unknown>[]) => postToAna(cardActivity({ actions }));

describe('installing', () => {
  test("sends installationUpdate and conversationUpdate in Teams' shape, once each", async () => {
    const result = await fixture.sandbox.people.install('ben');
    const ben = fixture.sandbox.organisation.findPerson('ben') as SandboxPerson;
    const account = { id: ben.teamsUserId, aadObjectId: ben.aadObjectId };
    expect(result).toMatchObject({ result: 'delivered', status: 200 });
    const [installation, update] = fixture.bot.received.map((received) => received.activity);
    const common = {
      id: expect.stringMatching(/^f:[0-9a-f-]{36}$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      channelId: 'msteams',
      serviceUrl: fixture.sandbox.serviceUrl,
      from: account,
      recipient: { id: `28:${APP_ID}`, name: 'Bellhop' },
      conversation: {
        conversationType: 'personal',
        tenantId: fixture.sandbox.organisation.tenantId,
        id: ben.conversationId,
      },
      locale: 'de-DE',
      entities: [{ type: 'clientInfo', locale: 'de-DE', country: 'DE', platform: 'Web', timezone: 'Europe/Berlin' }],
    };
    const tenant = { id: fixture.sandbox.organisation.tenantId };
    expect(installation).toEqual({
      ...common,
      type: 'installationUpdate',
      action: 'add',
      channelData: { tenant, source: { name: 'message' } },
    });
    expect(update).toEqual({
      ...common,
      type: 'conversationUpdate',
      membersAdded: [{ id: `28:${APP_ID}` }, account],
      channelData: { tenant },
    });
    expect(installation?.['id']).not.toBe(update?.['id']);
  });

  test('presents a token that the key set finds good, for the bot and the serviceUrl', async () => {
    await fixture.sandbox.people.install('ana');
    const keys = createRemoteJWKSet(new URL(`${fixture.sandbox.url}/.well-known/keys`));
    const headers = fixture.bot.received[0]?.headers;
    const token = headers?.authorization?.replace('Bearer ', '') ?? '';
    const { payload } = await jwtVerify(token, keys, { audience: APP_ID, issuer: 'https://api.botframework.com' });
    expect(payload['serviceurl']).toBe(fixture.bot.received[0]?.activity['serviceUrl']);
    expect(headers?.['x-ms-tenant-id']).toBe(fixture.sandbox.organisation.tenantId);
    expect(headers?.['x-ms-conversation-id']).toBe(ana().conversationId);
  });

  test('is signed with the new key as soon as the key has rolled', async () => {
    await fixture.sandbox.people.install('ana');
    await fixture.sandbox.rollKeys();
    await fixture.sandbox.people.uninstall('ana');
    const keys = createRemoteJWKSet(new URL(`${fixture.sandbox.url}/.well-known/keys`));
    const token = fixture.bot.received.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
    await expect(jwtVerify(token, keys)).resolves.toBeDefined();
  });

  test('of a team names the team, its channel and the bot as the new member', async () => {
    await fixture.sandbox.people.install('operations');
    const team = fixture.sandbox.organisation.teams[0];
    const [installation, update] = fixture.bot.received.map((received) => received.activity);
    const inTeam = {
      team: { id: team?.id, name: 'Operations', aadGroupId: team?.aadGroupId },
      channel: { id: team?.id },
    };
    expect(installation).toMatchObject({
      action: 'add',
      conversation: { isGroup: true, conversationType: 'channel', id: team?.id },
      channelData: { ...inTeam, settings: { selectedChannel: { id: team?.id } } },
    });
    expect(update).toMatchObject({
      membersAdded: [{ id: `28:${APP_ID}` }],
      channelData: { ...inTeam, eventType: 'teamMemberAdded' },
    });
  });

  test('of a group chat has no team', async () => {
    await fixture.sandbox.people.install('on-call');
    const [installation] = fixture.bot.ofType('installationUpdate');
    expect(installation?.['conversation']).toMatchObject({ conversationType: 'groupChat', isGroup: true });
    expect(installation?.['channelData']).toEqual({ tenant: { id: fixture.sandbox.organisation.tenantId } });
  });

  test("is undone by removing, in a person's chat and in a team", async () => {
    await fixture.sandbox.people.uninstall('ana');
    await fixture.sandbox.people.uninstall('operations');
    expect(fixture.bot.ofType('installationUpdate').map((activity) => activity['action'])).toEqual([
      'remove',
      'remove',
    ]);
    expect(fixture.bot.ofType('conversationUpdate')).toEqual([
      expect.objectContaining({ membersRemoved: [{ id: `28:${APP_ID}` }] }),
    ]);
  });
});

describe('writing and pressing', () => {
  test('a message arrives with its text, and stays in the chat', async () => {
    fixture.sandbox.people.installQuietly('ana');
    await fixture.sandbox.people.write('ana', 'help <me>');
    const [message] = fixture.bot.ofType('message');
    expect(message).toMatchObject({
      text: 'help <me>',
      from: { name: 'Ana Torres' },
      attachments: [{ contentType: 'text/html', content: '<div>help &lt;me&gt;</div>' }],
    });
    const kept = fixture.sandbox.state().people[0]?.messages[0];
    expect([kept?.author, kept?.id, kept?.activity['text']]).toEqual(['ana', message?.['id'], 'help <me>']);
  });

  test('Action.Submit sends its data with the inputs, and no text', async () => {
    const id = await cardWith({
      type: 'Action.Submit',
      title: 'OK',
      data: { verb: 'ack', n: 1, msteams: { type: 'x' } },
    });
    await fixture.sandbox.people.press('ana', { messageId: id, action: 'OK', inputs: { n: '2' } });
    const [message] = fixture.bot.ofType('message');
    expect(message).toMatchObject({ replyToId: id, value: { verb: 'ack', n: '2' } });
    expect(message).not.toHaveProperty('text');
    expect(message?.['value']).not.toHaveProperty('msteams');
  });

  test('messageBack shows its display text and sends its text and value', async () => {
    const msteams = { type: 'messageBack', text: 'ack', displayText: 'I take it', value: { id: 7 } };
    const id = await cardWith({ type: 'Action.Submit', title: 'Take', data: { msteams } });
    await fixture.sandbox.people.press('ana', { messageId: id, action: 'Take' });
    expect(fixture.bot.ofType('message')[0]).toMatchObject({ text: 'ack', value: { id: 7 }, replyToId: id });
    expect(fixture.sandbox.state().people[0]?.messages.at(-1)?.activity['text']).toBe('I take it');
  });

  test('imBack writes its value as the person', async () => {
    const id = await cardWith({
      type: 'Action.Submit',
      title: 'Help',
      data: { msteams: { type: 'imBack', value: 'help' } },
    });
    await fixture.sandbox.people.press('ana', { messageId: id, action: 'Help' });
    expect(fixture.bot.ofType('message')[0]).toMatchObject({ text: 'help' });
  });

  test('Action.Execute is an invoke, and the card of its answer takes the place of the old one', async () => {
    const id = await cardWith({ type: 'Action.Execute', id: 'b1', title: 'Vote', verb: 'vote', data: { poll: 'p1' } });
    const card = { type: 'AdaptiveCard', version: '1.5', body: [] };
    const body = JSON.stringify({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card });
    fixture.bot.answer = () => ({ status: 200, body });
    await fixture.sandbox.people.press('ana', { messageId: id, action: 'b1', inputs: { choice: 'y' } });
    expect(fixture.bot.ofType('invoke')[0]).toMatchObject({
      name: 'adaptiveCard/action',
      replyToId: id,
      value: {
        action: { type: 'Action.Execute', id: 'b1', verb: 'vote', data: { poll: 'p1', choice: 'y' } },
        trigger: 'manual',
      },
    });
    expect(fixture.sandbox.state().people[0]?.messages[0]?.activity['attachments']).toEqual([
      { contentType: 'application/vnd.microsoft.card.adaptive', content: card },
    ]);
  });

  test.each([
    ['a text', 200, { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Noted' }, 'Noted'],
    [
      'an error',
      400,
      { statusCode: 400, type: 'application/vnd.microsoft.error', value: { message: 'Closed' } },
      'Closed',
    ],
    ['nothing useful', 501, undefined, 'Something went wrong. Please try again.'],
  ])('%s in answer to an invoke is shown as a notice', async (_what, status, body, text) => {
    const id = await cardWith({ type: 'Action.Execute', title: 'Vote', verb: 'vote' });
    fixture.bot.answer = () => ({ status, ...(body && { body: JSON.stringify(body) }) });
    const notice = fixture.sandbox.waitFor((event) => event.kind === 'notice', { timeoutMs: 5_000 });
    await fixture.sandbox.people.press('ana', { messageId: id, action: 'Vote' });
    expect(await notice).toMatchObject({ text, conversationId: ana().conversationId });
  });

  test('buttons are found inside cards that unfold and containers, and links cannot be pressed', async () => {
    const inner = { type: 'Action.Submit', title: 'Send', data: {} };
    const nested = { type: 'Action.ShowCard', title: 'More', card: { type: 'AdaptiveCard', actions: [inner] } };
    const id = await cardWith(nested, { type: 'Action.OpenUrl', title: 'Open', url: 'https://example.com' });
    const { people } = fixture.sandbox;
    expect((await people.press('ana', { messageId: id, action: 'Send' })).result).toBe('delivered');
    await expect(people.press('ana', { messageId: id, action: 'Open' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(people.press('ana', { messageId: id, action: 'None' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(people.press('ana', { messageId: '1', action: 'Send' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('who has not installed the bot, or has blocked it, cannot write to it', async () => {
    const { people } = fixture.sandbox;
    await expect(people.write('ana', 'hello')).rejects.toMatchObject({ code: 'forbidden' });
    people.installQuietly('ana');
    people.block('ana', true);
    await expect(people.write('ana', 'hello')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(people.write('nobody', 'hello')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a bot that does not answer well', () => {
  test('gets an activity again after a 5xx, as the same activity', async () => {
    const statuses = [503, 500, 200];
    fixture.bot.answer = () => ({ status: statuses.shift() ?? 200 });
    expect((await fixture.sandbox.people.install('ana')).result).toBe('delivered');
    const ids = fixture.bot.ofType('installationUpdate').map((activity) => activity['id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  test('is given up after the last try when it only fails', async () => {
    fixture.bot.answer = (activity) => ({ status: activity['type'] === 'installationUpdate' ? 500 : 200 });
    expect(await fixture.sandbox.people.install('ana')).toMatchObject({ result: 'refused', status: 500 });
    expect(fixture.bot.ofType('installationUpdate')).toHaveLength(3);
  });

  test('is not asked again after a 4xx', async () => {
    fixture.bot.answer = () => ({ status: 401 });
    expect(await fixture.sandbox.people.install('ana')).toMatchObject({ result: 'refused', status: 401 });
    expect(fixture.bot.ofType('installationUpdate')).toHaveLength(1);
  });

  test('and is away: what people did is kept, said to be kept, and delivered in order when it is back', async () => {
    await fixture.bot.stop();
    const { people, events } = fixture.sandbox;
    const before = events.lastId;
    expect((await people.install('ana')).result).toBe('undelivered');
    expect((await people.write('ana', 'are you there?')).result).toBe('undelivered');
    expect(fixture.sandbox.state().undelivered).toBe(3);
    const told = { timeoutMs: 1_000, afterId: before };
    await fixture.sandbox.waitFor((event) => event.kind === 'activity' && event.result === 'undelivered', told);
    await fixture.bot.start();
    await fixture.sandbox.waitFor(
      (event) => event.kind === 'activity' && event.result === 'delivered' && event.activityType === 'message',
      { timeoutMs: 10_000 },
    );
    expect(fixture.bot.received.map(({ activity }) => activity['type'])).toEqual([
      'installationUpdate',
      'conversationUpdate',
      'message',
    ]);
    expect(fixture.sandbox.state().undelivered).toBe(0);
  });
});

test('any activity can be sent as it is', async () => {
  const result = await fixture.sandbox.sendActivity({ type: 'somethingNew', conversation: { id: 'a:1x' } });
  expect(result.status).toBe(200);
  expect(fixture.bot.received[0]?.activity).toEqual({ type: 'somethingNew', conversation: { id: 'a:1x' } });
});
