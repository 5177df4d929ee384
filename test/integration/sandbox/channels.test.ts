// What people write and press in channels and group chats, and what the bot hears of it.

import type { SandboxPerson } from '../../../src/sandbox/organisation.ts';
import { botMessageIn, readPlace, threadsOf, writeIn } from '../../support/channel.ts';
import { APP_ID, call, cardActivity, type Fixture, startFixture } from './sandbox-fixture.ts';

const INCIDENTS = 'operations/Incidents';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false, deliveryRetryDelaysMs: [], peopleCount: 10 });
  fixture.sandbox.people.installQuietly('operations');
  fixture.sandbox.people.installQuietly('on-call');
});
afterEach(() => fixture.close());

const person = (key: string) => fixture.sandbox.organisation.findPerson(key) as SandboxPerson;
const idOf = (place: string) => fixture.sandbox.people.find(place).id;
const heard = () => fixture.bot.ofType('message');
const write = (place: string, text: string, more = {}) =>
  writeIn(fixture.sandbox, place, { person: 'ana', text, ...more });

async function control(route: string, body?: unknown) {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${fixture.sandbox.url}/sandbox/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

async function postCard(place: string, ...actions: Record<string, unknown>[]): Promise<string> {
  const id = encodeURIComponent(idOf(place));
  const body = cardActivity({ actions });
  const { json } = await call(fixture.sandbox, `POST v3/conversations/${id}/activities`, { body });
  return String(json['id']);
}

describe('writing in a channel', () => {
  test('tells the bot exactly what Teams would: thread, team, mentions and who wrote', async () => {
    const written = await write(INCIDENTS, '@Bellhop tell @Ben the build is <broken>');
    const { organisation, serviceUrl } = fixture.sandbox;
    const [team] = organisation.teams;
    const mark = (place: number) => `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${place}">`;
    expect(written).toEqual({
      messageId: expect.stringMatching(/^\d{13}$/),
      threadId: written.messageId,
      answer: expect.objectContaining({ result: 'delivered' }),
    });
    expect(heard()).toEqual([
      {
        type: 'message',
        id: written.messageId,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        channelId: 'msteams',
        serviceUrl,
        from: { id: person('ana').teamsUserId, aadObjectId: person('ana').aadObjectId, name: 'Ana Torres' },
        recipient: { id: `28:${APP_ID}`, name: 'Bellhop' },
        conversation: {
          isGroup: true,
          conversationType: 'channel',
          tenantId: organisation.tenantId,
          id: `${idOf(INCIDENTS)};messageid=${written.messageId}`,
        },
        channelData: {
          channel: { id: idOf(INCIDENTS) },
          team: { id: team?.id, name: 'Operations', aadGroupId: team?.aadGroupId },
          tenant: { id: organisation.tenantId },
        },
        locale: 'en-US',
        text: '<at>Bellhop</at> tell <at>Ben Albrecht</at> the build is <broken>',
        textFormat: 'plain',
        attachments: [
          {
            contentType: 'text/html',
            content: `<div>${mark(0)}Bellhop</span> tell ${mark(1)}Ben Albrecht</span> the build is &lt;broken&gt;</div>`,
          },
        ],
        entities: [
          { type: 'mention', text: '<at>Bellhop</at>', mentioned: { id: `28:${APP_ID}`, name: 'Bellhop' } },
          {
            type: 'mention',
            text: '<at>Ben Albrecht</at>',
            mentioned: { id: person('ben').teamsUserId, name: 'Ben Albrecht' },
          },
          { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: 'America/New_York' },
        ],
      },
    ]);
  });

  test('is heard only by mention, and stays in the channel in any case', async () => {
    expect(await write(INCIDENTS, 'Bellhop, tell @Ben')).not.toHaveProperty('answer');
    await fixture.sandbox.people.uninstall('operations');
    expect(await write(INCIDENTS, '@Bellhop are you there?')).not.toHaveProperty('answer');
    expect(heard()).toEqual([]);
    expect(readPlace(fixture.sandbox, { place: INCIDENTS })).toEqual([
      'ana: Bellhop, tell <at>Ben Albrecht</at>',
      'ana: <at>Bellhop</at> are you there?',
    ]);
  });

  test('in a thread carries the id of its first message, and begins no new thread', async () => {
    const root = await write(INCIDENTS, 'The build is broken');
    const reply = await write(INCIDENTS, '@Bellhop why', { person: 'ben', threadId: root.messageId });
    expect(reply).toMatchObject({ threadId: root.messageId });
    expect(heard()[0]?.['conversation']).toMatchObject({ id: `${idOf(INCIDENTS)};messageid=${root.messageId}` });
    expect(heard()[0]?.['id']).toBe(reply.messageId);
    expect(threadsOf(fixture.sandbox, INCIDENTS)).toEqual([root.messageId]);
    const thread = { place: INCIDENTS, threadId: root.messageId };
    expect(readPlace(fixture.sandbox, thread)).toEqual(['ana: The build is broken', 'ben: <at>Bellhop</at> why']);
  });

  test("takes the bot's replies in the same thread", async () => {
    const { messageId } = await write(INCIDENTS, '@Bellhop status');
    const thread = encodeURIComponent(`${idOf(INCIDENTS)};messageid=${messageId}`);
    const body = { type: 'message', text: 'All is well' };
    const where = { place: INCIDENTS, threadId: messageId };
    const reply = botMessageIn(fixture.sandbox, where, 'well');
    await call(fixture.sandbox, `POST v3/conversations/${thread}/activities`, { body });
    expect(await reply).toEqual(['All is well']);
    expect(await botMessageIn(fixture.sandbox, where, 'All')).toEqual(['All is well']);
    expect(readPlace(fixture.sandbox, where)).toEqual(['ana: <at>Bellhop</at> status', 'bot: All is well']);
  });

  test('mentions only those who are named beside the text, when some are', async () => {
    await write(INCIDENTS, '@Bellhop tell @Ben and @Ana', { mentions: ['ben'] });
    await write(INCIDENTS, '@Bellhop tell @Ben', { mentions: [] });
    expect(heard().map((activity) => activity['text'])).toEqual([
      '<at>Bellhop</at> tell <at>Ben Albrecht</at> and @Ana',
      '<at>Bellhop</at> tell @Ben',
    ]);
  });

  test('goes to General when the team alone is named', async () => {
    await write('operations', '@Bellhop help');
    expect(heard()[0]?.['channelData']).toMatchObject({ channel: { id: idOf('operations/General') } });
  });
});

test('a message in a group chat has neither team nor thread', async () => {
  const written = await write('on-call', '@Bellhop help', { person: 'chloe' });
  expect(written).not.toHaveProperty('threadId');
  expect(heard()[0]).toMatchObject({ locale: 'fr-FR', from: { name: 'Chloé Martin' } });
  expect(heard()[0]?.['conversation']).toMatchObject({ conversationType: 'groupChat', id: idOf('on-call') });
  expect(heard()[0]?.['channelData']).toEqual({ tenant: { id: fixture.sandbox.organisation.tenantId } });
});

describe('pressing in a channel', () => {
  test('Action.Submit and Action.Execute come from the person, in the thread of the message', async () => {
    const submit = { type: 'Action.Submit', title: 'Take', data: { n: 1 } };
    const execute = { type: 'Action.Execute', title: 'Vote', verb: 'vote', data: { n: 2 } };
    const messageId = await postCard(INCIDENTS, submit, execute);
    await fixture.sandbox.people.pressIn(INCIDENTS, { person: 'ben', messageId, action: 'Take', inputs: { m: 3 } });
    await fixture.sandbox.people.pressIn(INCIDENTS, { person: 'ben', messageId, action: 'Vote' });
    const common = {
      from: { id: person('ben').teamsUserId },
      replyToId: messageId,
      conversation: { conversationType: 'channel', id: `${idOf(INCIDENTS)};messageid=${messageId}` },
      channelData: { team: { name: 'Operations' } },
    };
    expect(heard()[0]).toMatchObject({ ...common, value: { n: 1, m: 3 } });
    expect(heard()[0]).not.toHaveProperty('text');
    expect(fixture.bot.ofType('invoke')[0]).toMatchObject({ ...common, value: { action: { data: { n: 2 } } } });
  });

  test('imBack writes with a mention of the bot, in the thread', async () => {
    const msteams = { type: 'imBack', value: 'help' };
    const messageId = await postCard(INCIDENTS, { type: 'Action.Submit', title: 'Help', data: { msteams } });
    await fixture.sandbox.people.pressIn(INCIDENTS, { person: 'ben', messageId, action: 'Help' });
    expect(heard()[0]).toMatchObject({ text: '<at>Bellhop</at> help', from: { name: 'Ben Albrecht' } });
    expect(readPlace(fixture.sandbox, { place: INCIDENTS, threadId: messageId }).at(-1)).toBe(
      'ben: <at>Bellhop</at> help',
    );
  });

  test.each([INCIDENTS, 'on-call'])(
    'in %s the card of an answer is seen by who pressed, until the next edit',
    async (place) => {
      const messageId = await postCard(place, { type: 'Action.Execute', title: 'Vote', verb: 'vote' });
      const again = { type: 'Action.Execute', title: 'Again', verb: 'again' };
      const value = { type: 'AdaptiveCard', version: '1.5', body: [], actions: [again] };
      const type = 'application/vnd.microsoft.card.adaptive';
      fixture.bot.answer = () => ({ status: 200, body: JSON.stringify({ statusCode: 200, type, value }) });
      const { people, conversations } = fixture.sandbox;
      const view = fixture.sandbox.waitFor((event) => event.kind === 'view', { timeoutMs: 5_000 });
      await people.pressIn(place, { person: 'ben', messageId, action: 'Vote' });
      expect(await view).toMatchObject({ message: { views: { ben: { attachments: [{ content: value }] } } } });
      expect((await people.pressIn(place, { person: 'ben', messageId, action: 'Again' })).result).toBe('delivered');
      await expect(people.pressIn(place, { person: 'ana', messageId, action: 'Again' })).rejects.toMatchObject({
        code: 'not_found',
      });
      const path = `v3/conversations/${encodeURIComponent(idOf(place))}/activities/${messageId}`;
      await call(fixture.sandbox, `PUT ${path}`, { body: cardActivity() });
      expect(conversations.findMessage(people.find(place), messageId)).not.toHaveProperty('views');
    },
  );

  test('the notice of an answer is for who pressed', async () => {
    const messageId = await postCard('on-call', { type: 'Action.Execute', title: 'Vote', verb: 'vote' });
    const body = JSON.stringify({
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'Noted',
    });
    fixture.bot.answer = () => ({ status: 200, body });
    const notice = fixture.sandbox.waitFor((event) => event.kind === 'notice', { timeoutMs: 5_000 });
    await fixture.sandbox.people.pressIn('on-call', { person: 'chloe', messageId, action: 'Vote' });
    expect(await notice).toMatchObject({ text: 'Noted', personKey: 'chloe', conversationId: idOf('on-call') });
  });
});

describe('the control API', () => {
  test('writes and presses in channels, by name or id, and in group chats', async () => {
    const said = { person: 'ana', text: '@Bellhop help' };
    const channel = encodeURIComponent(idOf(INCIDENTS));
    const first = await control('POST channels/operations/Incidents/messages', said);
    expect(first).toMatchObject({ status: 200, json: { answer: { result: 'delivered' } } });
    const reply = { ...said, threadId: first.json.threadId };
    expect((await control(`POST channels/operations/${channel}/messages`, reply)).json.threadId).toBe(
      first.json.threadId,
    );
    expect((await control('POST chats/on-call/messages', { ...said, person: 'chloe' })).status).toBe(200);
    expect(heard()).toHaveLength(3);
    const button = { type: 'Action.Submit', title: 'Take', data: { n: 1 } };
    for (const [place, path] of [
      [INCIDENTS, 'channels/operations/incidents'],
      ['on-call', 'chats/on-call'],
    ] as const) {
      const press = { person: 'ben', messageId: await postCard(place, button), action: 'Take' };
      expect((await control(`POST ${path}/actions`, press)).json).toMatchObject({ result: 'delivered' });
    }
    expect(heard()).toHaveLength(5);
  });

  const hello = { person: 'ana', text: 'hello' };
  test.each([
    ['an unknown team', 'channels/sales/General/messages', hello, 404],
    ['an unknown channel', 'channels/operations/Nowhere/messages', hello, 404],
    ['an unknown group chat', 'chats/lunch/messages', hello, 404],
    ['an unknown person', 'chats/on-call/messages', { ...hello, person: 'nobody' }, 404],
    ['a chat of two', 'chats/ana/messages', hello, 404],
    ['an unknown thread', 'channels/operations/General/messages', { ...hello, threadId: '1' }, 404],
    ['a thread in a group chat', 'chats/on-call/messages', { ...hello, threadId: '1' }, 400],
    ['no person', 'chats/on-call/messages', { text: 'hello' }, 400],
    ['no text', 'chats/on-call/messages', { ...hello, text: ' ' }, 400],
    ['too long a text', 'chats/on-call/messages', { ...hello, text: 'x'.repeat(28_001) }, 400],
    ['mentions that are no keys', 'chats/on-call/messages', { ...hello, mentions: [1] }, 400],
    [
      'somebody to be mentioned whom the text does not name',
      'chats/on-call/messages',
      { ...hello, mentions: ['ben'] },
      400,
    ],
    ['a thread that is no id', 'channels/operations/General/messages', { ...hello, threadId: 1 }, 400],
    ['a name that is not encoded well', 'chats/%E0%A4%A/messages', hello, 400],
    ['nothing to press', 'chats/on-call/actions', { person: 'ana', messageId: '1', action: 'Take' }, 404],
    ['a press of nobody', 'chats/on-call/actions', { messageId: '1', action: 'Take' }, 400],
    ['something else', 'channels/operations/General/dance', hello, 404],
  ])('refuses %s', async (_what, path, body, status) => {
    const reply = await control(`POST ${path}`, body);
    expect([reply.status, typeof reply.json.error.message]).toEqual([status, 'string']);
    expect(heard()).toEqual([]);
  });

  test('refuses a reply to a message that is itself a reply, and a press where the bot is not', async () => {
    const root = await write(INCIDENTS, 'one');
    const reply = await write(INCIDENTS, 'two', { threadId: root.messageId });
    const body = { ...hello, threadId: reply.messageId };
    expect((await control('POST channels/operations/Incidents/messages', body)).status).toBe(404);
    const messageId = await postCard(INCIDENTS, { type: 'Action.Submit', title: 'Take', data: {} });
    await fixture.sandbox.people.uninstall('operations');
    const press = { person: 'ben', messageId, action: 'Take' };
    expect((await control('POST channels/operations/Incidents/actions', press)).status).toBe(403);
  });
});
