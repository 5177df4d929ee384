// What happens to teams, channels and members: what the bot is told, and what the Connector says from then on.

import type { SandboxPerson } from '../../../src/sandbox/organisation.ts';
import { APP_ID, call, cardActivity, createBody, type Fixture, startFixture } from './sandbox-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false, deliveryRetryDelaysMs: [], peopleCount: 600 });
  fixture.sandbox.people.installQuietly('operations');
  fixture.sandbox.people.installQuietly('on-call');
});
afterEach(() => fixture.close());

const person = (key: string) => fixture.sandbox.organisation.findPerson(key) as SandboxPerson;
const updates = () => fixture.bot.ofType('conversationUpdate');
const idOf = (place: string) => fixture.sandbox.people.find(place).id;
const team = () => fixture.sandbox.organisation.teams[0];
const tenant = () => ({ id: fixture.sandbox.organisation.tenantId });

async function control(route: string, body?: unknown) {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${fixture.sandbox.url}/sandbox/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

const read = (id: string, rest: string) =>
  call(fixture.sandbox, `GET v3/conversations/${encodeURIComponent(id)}/${rest}`);
const post = (id: string) =>
  call(fixture.sandbox, `POST v3/conversations/${encodeURIComponent(id)}/activities`, { body: cardActivity() });
const membersOf = (json: Record<string, unknown>) => json['members'] as Record<string, unknown>[];

describe('members', () => {
  test('who leaves a team and comes again is told to the bot, and is on the roster or not', async () => {
    const ben = { id: person('ben').teamsUserId, aadObjectId: person('ben').aadObjectId };
    const teamId = idOf('operations');
    expect((await control('DELETE teams/operations/members/ben')).json).toMatchObject({
      answer: { result: 'delivered' },
    });
    expect((await read(teamId, `members/${ben.id}`)).code).toBe('ConversationNotFound');
    expect(membersOf((await read(teamId, 'pagedmembers')).json).map(({ id }) => id)).not.toContain(ben.id);
    const about = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(teamId)}`);
    expect(about.json).toMatchObject({ memberCount: 602 });
    await control('POST teams/operations/members', { person: 'ben' });
    expect((await read(teamId, `members/${ben.id}`)).status).toBe(200);
    const { id = '', name = '', aadGroupId = '' } = team() ?? {};
    expect(updates()).toEqual([
      expect.objectContaining({
        membersRemoved: [ben],
        channelData: { eventType: 'teamMemberRemoved', team: { id, name, aadGroupId }, tenant: tenant() },
      }),
      expect.objectContaining({
        membersAdded: [ben],
        conversation: { isGroup: true, conversationType: 'channel', tenantId: tenant().id, id },
        channelData: { eventType: 'teamMemberAdded', team: { id, name, aadGroupId }, tenant: tenant() },
      }),
    ]);
  });

  test('a group chat tells of its people without a team', async () => {
    await control('POST chats/on-call/members', { person: 'p7' });
    await control('DELETE chats/on-call/members/chloe');
    const account = ({ teamsUserId, aadObjectId }: SandboxPerson) => ({ id: teamsUserId, aadObjectId });
    expect(updates()).toEqual([
      expect.objectContaining({ membersAdded: [account(person('p7'))], channelData: { tenant: tenant() } }),
      expect.objectContaining({ membersRemoved: [account(person('chloe'))], channelData: { tenant: tenant() } }),
    ]);
    expect(updates()[0]?.['conversation']).toMatchObject({ conversationType: 'groupChat', id: idOf('on-call') });
    const roster = membersOf((await read(idOf('on-call'), 'pagedmembers')).json).map(({ name }) => name);
    expect(roster).toEqual(['Ana Torres', 'Ben Albrecht', 'Person 7']);
  });

  test('a roster that changes while it is read skips nobody who stays, and tells nobody twice', async () => {
    const first = await read(idOf('operations'), 'pagedmembers?pageSize=500');
    for (const key of ['ana', 'p5', 'p500', 'p599']) {
      await control(`DELETE teams/operations/members/${key}`);
    }
    const token = first.json['continuationToken'];
    const second = await read(idOf('operations'), `pagedmembers?pageSize=500&continuationToken=${token}`);
    const names = [...membersOf(first.json), ...membersOf(second.json)].map(({ name }) => name);
    expect(second.json).not.toHaveProperty('continuationToken');
    expect(new Set(names).size).toBe(601);
    expect(names).toHaveLength(601);
    expect(names).toContain('Person 497');
  });

  test('guests and people without an account are told as such', async () => {
    await control('PATCH people/ben', { role: 'guest' });
    await control('PATCH people/p3', { role: 'anonymous' });
    const roster = idOf('operations');
    expect((await read(roster, `members/${person('ben').aadObjectId}`)).json).toMatchObject({ userRole: 'guest' });
    expect((await read(roster, 'members/29:1p3')).json).toEqual({
      id: '29:1p3',
      name: 'Person 3',
      tenantId: tenant().id,
      userRole: 'anonymous',
    });
    expect((await read(roster, `members/${person('p3').aadObjectId}`)).status).toBe(404);
    await fixture.sandbox.people.say('operations', { person: 'p3', text: '@Bellhop help' });
    expect(fixture.bot.ofType('message')[0]?.['from']).toEqual({ id: '29:1p3', name: 'Person 3' });
    await control('DELETE teams/operations/members/p3');
    expect(updates()[0]?.['membersRemoved']).toEqual([{ id: '29:1p3' }]);
  });

  test('who is not a member neither writes nor is mentioned, and nothing is told where the bot is not', async () => {
    await control('DELETE teams/operations/members/ben');
    await fixture.sandbox.people.say('operations', { person: 'ana', text: '@Bellhop tell @Ben' });
    expect(fixture.bot.ofType('message')[0]?.['text']).toBe('<at>Bellhop</at> tell @Ben');
    const hello = { person: 'ben', text: 'hello' };
    expect((await control('POST channels/operations/General/messages', hello)).status).toBe(403);
    await fixture.sandbox.people.uninstall('on-call');
    expect((await control('DELETE chats/on-call/members/ben')).json).toEqual({});
    expect(updates()).toHaveLength(2);
  });
});

describe('channels', () => {
  test('are created, renamed, deleted and restored, and each is told with name and id', async () => {
    const created = await control('POST teams/operations/channels', { name: 'Night shift' });
    expect(created).toMatchObject({ status: 201, json: { name: 'Night shift', answer: { result: 'delivered' } } });
    const { id } = created.json;
    await control('POST channels/operations/Night%20shift/rename', { name: 'Nights' });
    await control('POST channels/operations/Nights/delete');
    await control('POST channels/operations/Nights/restore');
    const channelData = (eventType: string, name: string) => ({
      eventType,
      channel: { id, name },
      team: { id: team()?.id },
      tenant: tenant(),
    });
    expect(updates().map((update) => update['channelData'])).toEqual([
      channelData('channelCreated', 'Night shift'),
      channelData('channelRenamed', 'Nights'),
      channelData('channelDeleted', 'Nights'),
      channelData('channelRestored', 'Nights'),
    ]);
    expect(new Set(updates().map((update) => JSON.stringify(update['conversation']))).size).toBe(1);
    expect(updates()[0]?.['conversation']).toMatchObject({ conversationType: 'channel', id: team()?.id });
  });

  test('a deleted channel is not there for the Connector until it is restored', async () => {
    const id = idOf('operations/Incidents');
    const thread = {
      ...{ isGroup: true, bot: { id: `28:${APP_ID}` }, tenantId: tenant().id, activity: cardActivity() },
      channelData: { channel: { id } },
    };
    const posted = await post(id);
    const channels = () =>
      call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(idOf('operations'))}/conversations`);
    await control('POST channels/operations/Incidents/delete');
    expect([(await post(id)).status, (await post(id)).code]).toEqual([404, 'ConversationNotFound']);
    expect((await call(fixture.sandbox, 'POST v3/conversations', { body: thread })).code).toBe('ConversationNotFound');
    const reply = encodeURIComponent(`${id};messageid=${posted.json['id']}`);
    expect((await read(reply, 'members')).status).toBe(404);
    expect((await channels()).json['conversations']).toHaveLength(1);
    const said = { person: 'ana', text: 'hello' };
    expect((await control('POST channels/operations/Incidents/messages', said)).status).toBe(404);
    await control('POST channels/operations/Incidents/restore');
    expect((await post(id)).status).toBe(201);
    expect((await channels()).json['conversations']).toHaveLength(2);
    expect(fixture.sandbox.state().teams[0]?.channels[1]?.messages).toHaveLength(2);
  });
});

describe('a team', () => {
  const states = async () => {
    const id = idOf('operations');
    const about = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(id)}`);
    return [about.status, (await read(id, 'pagedmembers')).status, (await post(id)).status];
  };

  test('is renamed for the bot and for the Connector', async () => {
    await control('POST teams/operations/rename', { name: 'Platform' });
    const { id = '' } = team() ?? {};
    expect(updates()[0]?.['channelData']).toEqual({
      eventType: 'teamRenamed',
      team: { id, name: 'Platform' },
      tenant: tenant(),
    });
    const about = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(id)}`);
    expect(about.json['name']).toBe('Platform');
    await fixture.sandbox.people.say('operations', { person: 'ana', text: '@Bellhop help' });
    expect(fixture.bot.ofType('message')[0]?.['channelData']).toMatchObject({ team: { name: 'Platform' } });
  });

  test('that is archived can be read, and nobody writes in it', async () => {
    await control('POST teams/operations/archive');
    const refused = await post(idOf('operations'));
    expect([refused.status, refused.json['errorCode']]).toEqual([403, 209]);
    expect(await states()).toEqual([200, 200, 403]);
    const said = { person: 'ana', text: 'hello' };
    expect((await control('POST channels/operations/General/messages', said)).status).toBe(403);
    await control('POST teams/operations/unarchive');
    expect(await states()).toEqual([200, 200, 201]);
    expect(updates().map((update) => update['channelData'])).toMatchObject([
      { eventType: 'teamArchived' },
      { eventType: 'teamUnarchived' },
    ]);
  });

  test('that is deleted is not there until it is restored, and never again once it is gone for good', async () => {
    const id = idOf('operations');
    await control('POST teams/operations/delete');
    const reply = async () => (await post(id)).code;
    expect(await reply()).toBe('ConversationNotFound');
    expect((await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(id)}`)).status).toBe(404);
    await control('POST teams/operations/restore');
    expect(await states()).toEqual([200, 200, 201]);
    await control('POST teams/operations/delete');
    await control('POST teams/operations/hard-delete');
    expect(await reply()).toBe('ConversationNotFound');
    expect(fixture.sandbox.state().teams).toEqual([]);
    expect(updates().map((update) => update['channelData'])).toMatchObject(
      ['teamDeleted', 'teamRestored', 'teamDeleted', 'teamHardDeleted'].map((eventType) => ({ eventType })),
    );
    expect((await control('POST teams/operations/restore')).status).toBe(404);
  });
});

describe('somebody who has not installed the bot', () => {
  const open = (id: string) =>
    call(fixture.sandbox, 'POST v3/conversations', { body: createBody(fixture.sandbox, id) });

  test('can be opened a chat with by the id of the roster, while a team or a group chat is shared', async () => {
    const { teamsUserId, conversationId } = person('ben');
    expect((await post(conversationId)).code).toBe('BotNotInConversationRoster');
    const opened = await open(teamsUserId);
    expect([opened.status, opened.json['id']]).toEqual([201, conversationId]);
    expect((await open(teamsUserId)).status).toBe(200);
    expect((await post(conversationId)).status).toBe(201);
    expect(fixture.sandbox.state().people[1]).toMatchObject({ isInstalled: false, hasBot: true });
    expect((await fixture.sandbox.people.write('ben', 'thanks')).result).toBe('delivered');
    expect((await read(conversationId, 'members')).status).toBe(200);
    await control('DELETE teams/operations/members/ben');
    expect((await post(conversationId)).status).toBe(201);
    await control('DELETE chats/on-call/members/ben');
    expect((await post(conversationId)).code).toBe('BotNotInConversationRoster');
  });

  test('is refused by the object id, and by every id when nothing is shared', async () => {
    const { teamsUserId, aadObjectId } = person('ben');
    const answers = async (id: string) => [(await open(id)).status, (await open(id)).code];
    expect(await answers(aadObjectId)).toEqual([403, 'ForbiddenOperationException']);
    await fixture.sandbox.people.uninstall('operations');
    await fixture.sandbox.people.uninstall('on-call');
    expect(await answers(teamsUserId)).toEqual([403, 'BotNotInConversationRoster']);
    expect(await answers('00000000-0000-4000-8000-000000000000')).toEqual([403, 'ForbiddenOperationException']);
  });

  test('who removes the bot is not written to until the chat is opened again', async () => {
    const { teamsUserId, conversationId } = person('ben');
    await fixture.sandbox.people.install('ben');
    await open(teamsUserId);
    await fixture.sandbox.people.uninstall('ben');
    expect((await post(conversationId)).code).toBe('BotNotInConversationRoster');
    expect((await open(teamsUserId)).status).toBe(201);
    expect((await post(conversationId)).status).toBe(201);
  });
});

test("somebody's language and time zone are told with the next activity", async () => {
  expect((await control('PATCH people/ben', { timeZone: 'Mars/Olympus', locale: 'ja-JP' })).status).toBe(204);
  await fixture.sandbox.people.say('on-call', { person: 'ben', text: '@Bellhop help' });
  await control('PATCH people/p5', { timeZone: 'Asia/Tokyo' });
  await fixture.sandbox.people.install('p5');
  expect(fixture.bot.ofType('message')[0]).toMatchObject({
    locale: 'ja-JP',
    entities: [{ type: 'mention' }, { type: 'clientInfo', locale: 'ja-JP', timezone: 'Mars/Olympus' }],
  });
  expect(fixture.bot.ofType('installationUpdate')[0]?.['entities']).toMatchObject([{ timezone: 'Asia/Tokyo' }]);
  expect(fixture.sandbox.state().people[1]).toMatchObject({ locale: 'ja-JP', timeZone: 'Mars/Olympus', role: 'user' });
});

test.each([
  ['an unknown team', 'POST teams/sales/archive', undefined, 404],
  ['an unknown channel', 'POST channels/operations/Nowhere/delete', undefined, 404],
  ['a channel of no team', 'POST channels/operations', undefined, 404],
  ['an unknown person', 'POST teams/operations/members', { person: 'nobody' }, 404],
  ['an unknown group chat', 'POST chats/lunch/members', { person: 'ben' }, 404],
  ['no person', 'POST teams/operations/members', {}, 400],
  ['who is a member already', 'POST teams/operations/members', { person: 'ben' }, 400],
  ['who is no member', 'DELETE chats/on-call/members/p1', undefined, 400],
  ['a team that is not archived', 'POST teams/operations/unarchive', undefined, 400],
  ['a team that is not deleted', 'POST teams/operations/hard-delete', undefined, 400],
  ['a channel that is not deleted', 'POST channels/operations/Incidents/restore', undefined, 400],
  ['a new name for General', 'POST channels/operations/General/rename', { name: 'Lobby' }, 400],
  ['the end of General', 'POST channels/operations/General/delete', undefined, 400],
  ['a name that is taken', 'POST teams/operations/channels', { name: 'incidents' }, 400],
  ['no name', 'POST teams/operations/rename', { name: ' ' }, 400],
  ['too long a name', 'POST teams/operations/rename', { name: 'x'.repeat(300) }, 400],
  ['a change of nothing', 'PATCH people/ben', {}, 400],
  ['a change of something else', 'PATCH people/ben', { name: 'Benjamin' }, 400],
  ['an unknown role', 'PATCH people/ben', { role: 'owner' }, 400],
  ['a time zone that is no text', 'PATCH people/ben', { timeZone: 1 }, 400],
  ['a change of nobody', 'PATCH people/nobody', { locale: 'en' }, 404],
  ['something else', 'DELETE teams/operations/members', undefined, 404],
])('%s is refused', async (_what, route, body, status) => {
  const reply = await control(route, body);
  expect([reply.status, typeof reply.json.error.message]).toEqual([status, 'string']);
  expect(updates()).toEqual([]);
});
