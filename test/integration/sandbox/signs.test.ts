// What Teams tells a bot without anybody writing or pressing: receipts, reactions, and cards that refresh themselves.

import { call, cardActivity, type Fixture, startFixture } from './sandbox-fixture.ts';

const INCIDENTS = 'operations/Incidents';
const CARD = 'application/vnd.microsoft.card.adaptive';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
  for (const place of ['ana', 'operations', 'on-call']) {
    fixture.sandbox.people.installQuietly(place);
  }
});
afterEach(() => fixture.close());

const idOf = (place: string) => fixture.sandbox.people.find(place).id;
const person = (key: string) => fixture.sandbox.organisation.findPerson(key);

async function post(place: string, card?: Record<string, unknown>): Promise<string> {
  const path = `v3/conversations/${encodeURIComponent(idOf(place))}/activities`;
  const { json } = await call(fixture.sandbox, `POST ${path}`, { body: cardActivity(card) });
  return String(json['id']);
}

describe('a read receipt', () => {
  test('comes from the person of the chat and names the last message', async () => {
    await post('ana');
    const last = await post('ana');
    await fixture.sandbox.people.read('ana');
    expect(fixture.bot.ofType('event')).toEqual([
      expect.objectContaining({
        name: 'application/vnd.microsoft.readReceipt',
        value: { lastReadMessageId: last },
        from: { id: person('ana')?.teamsUserId, aadObjectId: person('ana')?.aadObjectId },
      }),
    ]);
  });

  test('can name an earlier message, and none that is not there', async () => {
    const first = await post('ana');
    await post('ana');
    await fixture.sandbox.people.read('ana', first);
    expect(fixture.bot.ofType('event')[0]).toMatchObject({ value: { lastReadMessageId: first } });
    await expect(fixture.sandbox.people.read('ana', '1')).rejects.toMatchObject({ code: 'not_found' });
    await expect(fixture.sandbox.people.read('ben')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a reaction', () => {
  test.each([
    ['ana', undefined],
    [INCIDENTS, 'ben'],
    ['on-call', 'chloe'],
  ])('in %s is told when it comes and when it goes, and stays on the message meanwhile', async (place, who) => {
    const { people, conversations } = fixture.sandbox;
    const messageId = await post(place);
    const reaction = { messageId, person: who, type: 'like' };
    await people.react(place, reaction);
    expect(conversations.findMessage(people.find(place), messageId)?.reactions).toEqual({ like: [who ?? 'ana'] });
    await expect(people.react(place, reaction)).rejects.toMatchObject({ code: 'not_found' });
    await people.react(place, { ...reaction, isAdded: false });
    expect(conversations.findMessage(people.find(place), messageId)?.reactions).toEqual({ like: [] });
    const [added, removed] = fixture.bot.ofType('messageReaction');
    expect(added).toMatchObject({ replyToId: messageId, reactionsAdded: [{ type: 'like' }] });
    expect(added).not.toHaveProperty('reactionsRemoved');
    expect(removed).toMatchObject({ replyToId: messageId, reactionsRemoved: [{ type: 'like' }] });
  });

  test('can be given by the control API', async () => {
    const messageId = await post('on-call');
    const url = `${fixture.sandbox.url}/sandbox/group-chats/on-call/reactions`;
    const headers = { 'content-type': 'application/json' };
    const react = (body: object) => fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    expect((await react({ person: 'chloe', messageId, type: 'heart' })).status).toBe(200);
    expect((await react({ messageId, type: 'heart' })).status).toBe(400);
    expect((await react({ person: 'chloe', messageId, type: 'heart', isAdded: 'no' })).status).toBe(400);
    const read = await fetch(`${fixture.sandbox.url}/sandbox/people/ana/read`, { method: 'POST' });
    expect(read.status).toBe(404);
  });
});

describe('a card that refreshes itself', () => {
  const refreshFor = (...keys: string[]) => ({
    refresh: {
      action: { type: 'Action.Execute', verb: 'refresh', data: { poll: 'p1' } },
      userIds: keys.map((key) => person(key)?.teamsUserId ?? key),
    },
  });
  const own = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Yours' }] };
  const answerWithCard = () => ({
    status: 200,
    body: JSON.stringify({ statusCode: 200, type: CARD, value: own }),
  });

  test('shows those whom it names what the bot answers them, after each edit', async () => {
    const { people, conversations } = fixture.sandbox;
    fixture.bot.answer = answerWithCard;
    const seen = fixture.sandbox.waitFor(({ kind }) => kind === 'view', { timeoutMs: 5_000 });
    const messageId = await post(INCIDENTS, refreshFor('ben', '29:somebody-else'));
    await seen;
    expect(fixture.bot.ofType('invoke')).toEqual([
      expect.objectContaining({
        replyToId: messageId,
        from: expect.objectContaining({ id: person('ben')?.teamsUserId }),
        value: { action: expect.objectContaining({ data: { poll: 'p1' } }), trigger: 'automatic' },
      }),
    ]);
    const path = `v3/conversations/${encodeURIComponent(idOf(INCIDENTS))}/activities/${messageId}`;
    const again = fixture.sandbox.waitFor(({ kind }) => kind === 'view', { timeoutMs: 5_000 });
    await call(fixture.sandbox, `PUT ${path}`, { body: cardActivity(refreshFor('ben')) });
    await again;
    const message = conversations.findMessage(people.find(INCIDENTS), messageId);
    expect(message?.views).toMatchObject({ ben: { attachments: [{ content: own }] } });
    expect(message?.activity).not.toMatchObject({ attachments: [{ content: own }] });
  });

  test('asks nobody in a 1:1 chat, and nobody who is not in the place', async () => {
    fixture.bot.answer = answerWithCard;
    await post('ana', refreshFor('ana'));
    await post('on-call', refreshFor('29:somebody-else'));
    const seen = fixture.sandbox.waitFor(({ kind }) => kind === 'view', { timeoutMs: 5_000 });
    await post('on-call', refreshFor('chloe'));
    await seen;
    expect(fixture.bot.ofType('invoke')).toHaveLength(1);
  });

  test('is refused when it names more than 60 people', async () => {
    const path = `v3/conversations/${encodeURIComponent(idOf('on-call'))}/activities`;
    const people = Array.from({ length: 61 }, (_, index) => `29:${index}`);
    const body = cardActivity(refreshFor(...people));
    expect((await call(fixture.sandbox, `POST ${path}`, { body })).code).toBe('BadArgument');
  });
});
