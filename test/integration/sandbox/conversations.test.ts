// The Connector's messages: opening chats, posting, changing and removing, and what it refuses.

import { APP_ID, call, cardActivity, createBody, type Fixture, startFixture } from './sandbox-fixture.ts';

const ANA_CHAT = 'a:1mT9xKc4Ana7WqZb2RfVyUj6HdPn8LsGe';
const ANA_POSTS = `POST v3/conversations/${encodeURIComponent(ANA_CHAT)}/activities`;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false });
  fixture.sandbox.people.installQuietly('ana');
});
afterEach(() => fixture.close());

const ana = () => {
  const person = fixture.sandbox.organisation.findPerson('ana');
  if (!person) {
    throw new Error('Ana is missing');
  }
  return person;
};

describe('opening a 1:1 chat', () => {
  test('gives the same conversation for the pairwise id and the object id of a person', async () => {
    const first = await call(fixture.sandbox, 'POST v3/conversations', {
      body: createBody(fixture.sandbox, ana().teamsUserId),
    });
    const second = await call(fixture.sandbox, 'POST v3/conversations', {
      body: createBody(fixture.sandbox, ana().aadObjectId),
    });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.json['id']).toBe(ANA_CHAT);
    expect(second.json).toEqual(first.json);
  });

  test('posts the first message when the request brings one', async () => {
    const body = { ...createBody(fixture.sandbox, ana().teamsUserId), activity: cardActivity() };
    const reply = await call(fixture.sandbox, 'POST v3/conversations', { body });
    expect(reply.json['activityId']).toMatch(/^\d{13}$/);
    expect(fixture.sandbox.ledger.counts().posted).toBe(1);
  });

  test.each([
    ['two members', { members: [{ id: '29:1bQ3vZ7kAna0d5XwLr8TnYhEo2McUfGs' }, { id: '29:b' }] }, 400, 'BadArgument'],
    ['no member', { members: [] }, 400, 'BadArgument'],
    ['a pairwise id of another bot', { members: [{ id: '29:1other' }] }, 400, 'BadArgument'],
    ['an e-mail address', { members: [{ id: 'ana@contoso.com' }] }, 400, 'BadArgument'],
    ['another bot', { bot: { id: '28:99999999-2222-4333-8444-555555555555' } }, 400, 'BadArgument'],
    ['a bot id without 28:', { bot: { id: APP_ID } }, 400, 'BadArgument'],
    ['no tenant', { tenantId: undefined, channelData: undefined }, 400, 'BadArgument'],
    ['a foreign tenant', { tenantId: '00000000-0000-4000-8000-000000000000' }, 400, 'BadArgument'],
    [
      'the object id of somebody who has not installed the app',
      { members: [{ id: 'b0b0b0b0-2222-4222-8222-000000000002' }] },
      403,
      'ForbiddenOperationException',
    ],
  ])('refuses %s', async (_what, change, status, code) => {
    const body = { ...createBody(fixture.sandbox, ana().teamsUserId), ...change };
    const reply = await call(fixture.sandbox, 'POST v3/conversations', { body });
    expect([reply.status, reply.code]).toEqual([status, code]);
  });
});

describe('a thread in a channel', () => {
  const thread = (channelId: string, change = {}) => ({
    isGroup: true,
    bot: { id: `28:${APP_ID}` },
    channelData: { channel: { id: channelId } },
    tenantId: fixture.sandbox.organisation.tenantId,
    activity: cardActivity(),
    ...change,
  });
  const incidents = () => fixture.sandbox.organisation.teams[0]?.channels[1]?.id ?? '';

  test('is opened by its first message, and takes replies', async () => {
    fixture.sandbox.people.installQuietly('operations');
    const opened = await call(fixture.sandbox, 'POST v3/conversations', { body: thread(incidents()) });
    expect(opened.json['id']).toBe(`${incidents()};messageid=${opened.json['activityId']}`);
    const path = `POST v3/conversations/${encodeURIComponent(String(opened.json['id']))}/activities`;
    const reply = await call(fixture.sandbox, path, { body: cardActivity() });
    expect(reply.status).toBe(201);
    const messages = fixture.sandbox.state().teams[0]?.channels[1]?.messages;
    expect(messages?.[1]?.threadId).toBe(opened.json['activityId']);
  });

  test('has its messages changed under its own name, or that of the channel, and under no other', async () => {
    fixture.sandbox.people.installQuietly('operations');
    const open = async () =>
      String((await call(fixture.sandbox, 'POST v3/conversations', { body: thread(incidents()) })).json['id']);
    const [own, other] = [await open(), await open()];
    const pathTo = (id: string) => `v3/conversations/${encodeURIComponent(id)}/activities`;
    const reply = await call(fixture.sandbox, `POST ${pathTo(own)}`, { body: cardActivity() });
    const change = (id: string) =>
      call(fixture.sandbox, `PUT ${pathTo(id)}/${reply.json['id']}`, { body: cardActivity() });
    expect((await change(own)).status).toBe(200);
    expect((await change(incidents())).status).toBe(200);
    expect((await change(other)).code).toBe('ActivityNotFoundInConversation');
    const removed = await call(fixture.sandbox, `DELETE ${pathTo(other)}/${reply.json['id']}`);
    expect(removed.code).toBe('ActivityNotFoundInConversation');
  });

  test('is refused where the team does not have the app', async () => {
    const reply = await call(fixture.sandbox, 'POST v3/conversations', { body: thread(incidents()) });
    expect([reply.status, reply.code]).toEqual([403, 'BotNotInConversationRoster']);
  });

  test.each([
    ['an unknown channel', { channelData: { channel: { id: '19:none@thread.tacv2' } } }, 404, 'ConversationNotFound'],
    ['no message', { activity: undefined }, 400, 'BadSyntax'],
    ['members: bots cannot make group chats', { members: [{ id: '29:a' }] }, 400, 'BadSyntax'],
  ])('is refused with %s', async (_what, change, status, code) => {
    fixture.sandbox.people.installQuietly('operations');
    const reply = await call(fixture.sandbox, 'POST v3/conversations', { body: thread(incidents(), change) });
    expect([reply.status, reply.code]).toEqual([status, code]);
  });
});

describe('posting', () => {
  test('answers 201 with an id of thirteen digits and the headers that support asks for', async () => {
    const reply = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity() });
    expect(reply.status).toBe(201);
    expect(reply.json).toEqual({ id: expect.stringMatching(/^\d{13}$/) });
    expect(reply.headers.get('ms-cv')).toBeTruthy();
    expect(reply.headers.get('x-correlating-operationid')).toBeTruthy();
  });

  test('takes a reply to any activity of a 1:1 chat as a post', async () => {
    const reply = await call(fixture.sandbox, `${ANA_POSTS}/1485983408511`, { body: cardActivity() });
    expect(reply.status).toBe(201);
  });

  test('makes two messages of a text with a card, and gives no id', async () => {
    const reply = await call(fixture.sandbox, ANA_POSTS, { body: { ...cardActivity(), text: 'Look' } });
    expect([reply.status, reply.json]).toEqual([201, {}]);
    expect(fixture.sandbox.ledger.since(0)[0]?.posted).toBe(2);
  });

  test.each([
    ['no type', { type: undefined }, 400, 'MissingProperty'],
    ['an unknown type', { type: 'trace' }, 400, 'BadArgument'],
    ['neither text nor card', { attachments: [] }, 400, 'BadSyntax'],
    ['attachments that are no list', { attachments: {} }, 400, 'BadSyntax'],
    ['an attachment without a known type', { attachments: [{ contentType: 'text/javascript' }] }, 400, 'BadArgument'],
    ['an unknown text format', { textFormat: 'html' }, 400, 'BadArgument'],
    ['a summary that is no text', { summary: 1 }, 400, 'BadSyntax'],
    ['another sender', { from: { id: '28:someone-else' } }, 400, 'BadArgument'],
    ['a card of version 1.6', cardActivity({ version: '1.6' }), 400, 'BadArgument'],
    ['a card without version', cardActivity({ version: undefined }), 400, 'BadArgument'],
    ['a card that is none', cardActivity({ type: 'Card' }), 400, 'BadArgument'],
    ['a card whose body is no list', cardActivity({ body: 'Hello' }), 400, 'BadArgument'],
    ['more than about 100 KB in UTF-16', cardActivity({ fallbackText: 'x'.repeat(51_200) }), 413, 'MessageSizeTooBig'],
  ])('refuses %s', async (_what, change, status, code) => {
    const reply = await call(fixture.sandbox, ANA_POSTS, { body: { ...cardActivity(), ...change } });
    expect([reply.status, reply.code]).toEqual([status, code]);
    expect(fixture.sandbox.ledger.counts().posted).toBe(0);
  });

  test('takes just under 100 KB in UTF-16, and does not count pictures in base64', async () => {
    const text = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity({ fallbackText: 'é'.repeat(50_000) }) });
    const picture = { type: 'Image', url: `data:image/png;base64,${'A'.repeat(300_000)}` };
    const image = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity({ body: [picture] }) });
    expect([text.status, image.status]).toEqual([201, 201]);
  });

  test('refuses a body of several megabytes without keeping it', async () => {
    const picture = { type: 'Image', url: `data:image/png;base64,${'A'.repeat(5_000_000)}` };
    const reply = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity({ body: [picture] }) });
    expect([reply.status, reply.code]).toEqual([413, 'MessageSizeTooBig']);
  });

  test.each([
    ['another content type', { 'content-type': 'text/plain' }, '{"type":"message","text":"hi"}'],
    ['broken JSON', {}, '{"type":'],
    ['JSON that is no object', {}, '[]'],
  ])('refuses %s', async (_what, headers, body) => {
    const reply = await call(fixture.sandbox, ANA_POSTS, { body, headers });
    expect([reply.status, reply.code]).toEqual([400, 'BadSyntax']);
  });

  test('refuses a chat it does not know, and paths that are not of the Connector', async () => {
    const unknown = await call(fixture.sandbox, 'POST v3/conversations/a:1none/activities', { body: cardActivity() });
    expect([unknown.status, unknown.code]).toEqual([404, 'ConversationNotFound']);
    for (const path of ['v3/conversations/%E0%A4%A/activities', 'v2/conversations', 'v3/conversations//activities']) {
      const reply = await call(fixture.sandbox, `POST ${path}`, { body: cardActivity() });
      expect(reply.status).toBe(404);
    }
  });

  test('refuses who removed the app, who blocked the bot, and a tenant that disabled it', async () => {
    const { sandbox } = fixture;
    await sandbox.people.uninstall('ana');
    expect((await call(sandbox, ANA_POSTS, { body: cardActivity() })).code).toBe('BotNotInConversationRoster');
    sandbox.people.installQuietly('ana');
    sandbox.people.block('ana', true);
    expect((await call(sandbox, ANA_POSTS, { body: cardActivity() })).code).toBe('ConversationBlockedByUser');
    sandbox.people.block('ana', false);
    sandbox.conversations.isBotDisabled = true;
    expect((await call(sandbox, ANA_POSTS, { body: cardActivity() })).code).toBe('BotDisabledByAdmin');
    sandbox.conversations.isBotDisabled = false;
    expect((await call(sandbox, ANA_POSTS, { body: cardActivity() })).status).toBe(201);
  });
});

describe('somebody without the app who is in a team that has it', () => {
  const openWith = (id: string) =>
    call(fixture.sandbox, 'POST v3/conversations', {
      body: {
        bot: { id: `28:${APP_ID}` },
        members: [{ id }],
        tenantId: fixture.sandbox.organisation.tenantId,
      },
    });
  const member = () => fixture.sandbox.organisation.people[1];
  const post = () =>
    call(fixture.sandbox, `POST v3/conversations/${encodeURIComponent(member()?.conversationId ?? '')}/activities`, {
      body: cardActivity(),
    });

  test('can be written to once the chat was opened with the pairwise id', async () => {
    fixture.sandbox.people.installQuietly('operations');
    expect((await post()).code).toBe('BotNotInConversationRoster');
    expect((await openWith(member()?.aadObjectId ?? '')).code).toBe('ForbiddenOperationException');
    expect((await openWith(member()?.teamsUserId ?? '')).status).toBe(201);
    expect((await post()).status).toBe(201);
  });

  test('cannot be written to when the team does not have it', async () => {
    await openWith(member()?.teamsUserId ?? '');
    expect((await post()).code).toBe('BotNotInConversationRoster');
  });
});

describe('changing and removing', () => {
  const posted = async () => {
    const reply = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity() });
    return `v3/conversations/${encodeURIComponent(ANA_CHAT)}/activities/${reply.json['id']}`;
  };

  test('a message can be replaced by another kind of message', async () => {
    const path = await posted();
    const reply = await call(fixture.sandbox, `PUT ${path}`, { body: { type: 'message', text: 'Done' } });
    expect(reply.status).toBe(200);
    const message = fixture.sandbox.state().people[0]?.messages[0];
    expect(message?.activity['text']).toBe('Done');
    expect(message?.editedAtMs).toBeGreaterThan(0);
  });

  test('an edit with text and card is refused', async () => {
    const reply = await call(fixture.sandbox, `PUT ${await posted()}`, { body: { ...cardActivity(), text: 'Look' } });
    expect([reply.status, reply.code]).toEqual([400, 'BadSyntax']);
  });

  test('a removed message is gone for good', async () => {
    const path = await posted();
    const removed = await call(fixture.sandbox, `DELETE ${path}`);
    expect([removed.status, removed.text]).toEqual([200, '']);
    const again = await call(fixture.sandbox, `DELETE ${path}`);
    const edit = await call(fixture.sandbox, `PUT ${path}`, { body: cardActivity() });
    expect([again.code, edit.code]).toEqual(['ActivityNotFoundInConversation', 'ActivityNotFoundInConversation']);
    expect(fixture.sandbox.state().people[0]?.messages[0]?.deletedAtMs).toBeGreaterThan(0);
  });

  test('the message of a person cannot be changed by the bot', async () => {
    await fixture.sandbox.people.write('ana', 'hello');
    const id = fixture.sandbox.state().people[0]?.messages[0]?.id;
    const path = `PUT v3/conversations/${encodeURIComponent(ANA_CHAT)}/activities/${id}`;
    const reply = await call(fixture.sandbox, path, { body: cardActivity() });
    expect([reply.status, reply.code]).toEqual([403, 'NotEnoughPermissions']);
  });
});

test('the ledger tells what each request asked for, what it got and what it really did', async () => {
  const headers = { 'x-ms-client-request-id': 'request-1' };
  const reply = await call(fixture.sandbox, ANA_POSTS, { body: cardActivity(), headers });
  await call(fixture.sandbox, ANA_POSTS, { body: {} });
  expect(fixture.sandbox.ledger.since(0)).toEqual([
    {
      sequence: 1,
      receivedAtMs: expect.any(Number),
      operation: 'sendToConversation',
      conversationId: ANA_CHAT,
      status: 201,
      activityId: reply.json['id'],
      requestId: 'request-1',
      posted: 1,
    },
    expect.objectContaining({ sequence: 2, status: 400, posted: 0 }),
  ]);
});
