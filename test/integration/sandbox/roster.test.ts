// The Connector's rosters: one member, pages of members, the team and its channels.

import type { SandboxPerson } from '../../../src/sandbox/organisation.ts';
import { call, type Fixture, startFixture } from './sandbox-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false, peopleCount: 1_000 });
  for (const place of ['ana', 'operations', 'on-call']) {
    fixture.sandbox.people.installQuietly(place);
  }
});
afterEach(() => fixture.close());

const path = (id: string, rest: string) => `GET v3/conversations/${encodeURIComponent(id)}/${rest}`;
const team = () => fixture.sandbox.organisation.teams[0]?.id ?? '';
const ana = () => fixture.sandbox.organisation.members(0, 1)[0] as SandboxPerson;
const membersOf = (json: Record<string, unknown>) => json['members'] as Record<string, unknown>[];

test('one member is found by pairwise id, object id and UPN, and has objectId instead of aadObjectId', async () => {
  const { teamsUserId, aadObjectId, email, conversationId } = ana();
  for (const id of [teamsUserId, aadObjectId.toUpperCase(), email, 'Ana@Contoso.com']) {
    const reply = await call(fixture.sandbox, path(conversationId, `members/${encodeURIComponent(id)}`));
    expect(reply.json).toEqual({
      id: teamsUserId,
      objectId: aadObjectId,
      name: 'Ana Torres',
      givenName: 'Ana',
      surname: 'Torres',
      email,
      userPrincipalName: email,
      tenantId: fixture.sandbox.organisation.tenantId,
      userRole: 'user',
    });
  }
});

test('somebody else is no member of a 1:1 chat', async () => {
  const { conversationId } = ana();
  for (const id of ['ben@contoso.com', 'nobody@contoso.com', 'ana', '29:1none']) {
    const reply = await call(fixture.sandbox, path(conversationId, `members/${encodeURIComponent(id)}`));
    expect(reply.status).toBe(404);
  }
});

test('a chat without the app tells nothing about its members', async () => {
  const ben = fixture.sandbox.organisation.people[1]?.conversationId ?? '';
  for (const rest of ['members', 'members/ben@contoso.com', 'pagedmembers']) {
    const reply = await call(fixture.sandbox, path(ben, rest));
    expect([reply.status, reply.code]).toEqual([403, 'BotNotInConversationRoster']);
  }
});

test('a team is read in pages of 200, and every member is on one of them', async () => {
  const seen: unknown[] = [];
  let query = '';
  do {
    const reply = await call(fixture.sandbox, path(team(), `pagedmembers${query}`));
    seen.push(...membersOf(reply.json).map((member) => member['objectId']));
    const token = reply.json['continuationToken'];
    query = token === undefined ? '' : `?continuationToken=${token}`;
    expect(membersOf(reply.json).length).toBeLessThanOrEqual(200);
  } while (query);
  expect(new Set(seen).size).toBe(1_003);
});

test.each([
  ['1', 50],
  ['100', 100],
  ['5000', 500],
  ['abc', 200],
])('a page size of %s gives %i members', async (pageSize, count) => {
  const reply = await call(fixture.sandbox, path(team(), `pagedmembers?pageSize=${pageSize}`));
  expect(membersOf(reply.json)).toHaveLength(count);
});

test('an unknown continuation is refused', async () => {
  const reply = await call(fixture.sandbox, path(team(), 'pagedmembers?continuationToken=made-up'));
  expect([reply.status, reply.code]).toEqual([400, 'BadArgument']);
});

test('a group chat gives its whole roster, without a continuation', async () => {
  const chat = fixture.sandbox.organisation.groupChats[0]?.id ?? '';
  const reply = await call(fixture.sandbox, path(chat, 'pagedmembers'));
  expect(membersOf(reply.json)).toHaveLength(3);
  expect(reply.json).not.toHaveProperty('continuationToken');
});

test('the old members call gives a list', async () => {
  const reply = await call(fixture.sandbox, path(team(), 'members'));
  expect(JSON.parse(reply.text)).toHaveLength(1_003);
});

test('a team tells about itself and its channels; General has its id and no name', async () => {
  const about = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(team())}`);
  expect(about.json).toMatchObject({ id: team(), name: 'Operations', channelCount: 2, memberCount: 1_003 });
  const channels = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(team())}/conversations`);
  expect(channels.json['conversations']).toEqual([
    { id: team(), name: null, type: 'standard' },
    { id: expect.stringMatching(/^19:.+@thread\.tacv2$/), name: 'Incidents', type: 'standard' },
  ]);
});

test('a team without the app, or that does not exist, tells nothing', async () => {
  expect((await call(fixture.sandbox, 'GET v3/teams/19:none@thread.tacv2')).code).toBe('ConversationNotFound');
  await fixture.sandbox.people.uninstall('operations');
  for (const rest of ['', '/conversations']) {
    const reply = await call(fixture.sandbox, `GET v3/teams/${encodeURIComponent(team())}${rest}`);
    expect([reply.status, reply.code]).toEqual([403, 'BotNotInConversationRoster']);
  }
});
