// What is read from the answers of the Connector about teams and who is in them.

import type { ConnectorAnswer } from '../../../../src/teams/connector.ts';
import { createRoster } from '../../../../src/teams/roster.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const TENANT_ID = '2b2b2b2b-2222-4222-8222-222222222222';
const OBJECT_ID = '3c3c3c3c-3333-4333-8333-333333333333';
const QUERY = { tenantId: TENANT_ID, serviceUrl: 'https://smba.trafficmanager.net/emea/', conversationId: '19:team' };

const respond = (status: number, body?: unknown): ConnectorAnswer => ({
  kind: 'response',
  status,
  headers: {},
  isTruncated: false,
  ...(body !== undefined && { body: JSON.stringify(body) }),
});

const rosterOf = (answer: ConnectorAnswer) => {
  const give = async () => answer;
  const connector = { getMember: give, getMembers: give, getTeam: give, getChannels: give };
  return createRoster({ connector, clock: new ManualClock(), createRequestId: () => 'id' });
};

const signal = new AbortController().signal;
const members = (answer: ConnectorAnswer, continuation?: string) =>
  rosterOf(answer).listMembers({ ...QUERY, continuation }, signal);

describe('a page of members', () => {
  test('is read with roles and every id; whoever has none is left out', async () => {
    const body = {
      continuationToken: 'next',
      members: [
        { id: '29:ana', objectId: OBJECT_ID.toUpperCase(), name: 'Ana', email: 'a@x.org', userRole: 'Guest' },
        { id: '29:anonymous', name: 'Somebody', userRole: 'anonymous', tenantId: '29:odd' },
        { id: '29:old', aadObjectId: OBJECT_ID },
        { name: 'Nobody' },
        'text',
        null,
      ],
    };
    const ana = { tenantId: TENANT_ID, teamsUserId: '29:ana', aadObjectId: OBJECT_ID, name: 'Ana', email: 'a@x.org' };
    expect(await members(respond(200, body))).toEqual({
      kind: 'found',
      continuation: 'next',
      members: [
        { profile: ana, role: 'guest' },
        { profile: { tenantId: TENANT_ID, teamsUserId: '29:anonymous', name: 'Somebody' }, role: 'anonymous' },
        { profile: { tenantId: TENANT_ID, teamsUserId: '29:old', aadObjectId: OBJECT_ID } },
      ],
    });
  });

  test.each([
    ['without members', { continuationToken: 'next' }],
    ['that leads to itself', { members: [], continuationToken: 'this' }],
    ['whose continuation is no text', { members: [], continuationToken: 7 }],
    ['whose continuation is endless', { members: [], continuationToken: 'x'.repeat(10_000) }],
    ['that was cut off', undefined],
  ])('%s is no answer: nobody is believed to have left', async (_name, body) => {
    expect(await members(respond(200, body), 'this')).toEqual({ kind: 'later' });
  });

  test.each([null, '', undefined])('with the continuation %j is the last one', async (continuationToken) => {
    expect(await members(respond(200, { members: [], continuationToken }))).toEqual({ kind: 'found', members: [] });
  });

  test('begins anew when its continuation is refused; a team that is refused is absent', async () => {
    expect(await members(respond(400), 'old')).toEqual({ kind: 'stale' });
    expect(await members(respond(400))).toEqual({ kind: 'absent' });
    expect(await members(respond(403), 'old')).toEqual({ kind: 'absent' });
    expect(await members(respond(429), 'old')).toEqual({ kind: 'throttled' });
    expect(await members(respond(503), 'old')).toEqual({ kind: 'later' });
  });
});

test('of the channels those are read in which the bot can post, without the General one', async () => {
  const conversations = [
    { id: '19:team', name: null, type: 'standard' },
    { id: '19:incidents', name: ' Incidents ', type: 'standard' },
    { id: '19:secret', name: 'Secret', type: 'private' },
    { id: '19:shared', name: 'Shared', type: 'shared' },
    { id: '19:new', name: null },
    { id: '../x' },
    7,
  ];
  expect(await rosterOf(respond(200, { conversations })).listChannels(QUERY, signal)).toEqual({
    kind: 'found',
    channels: [{ id: '19:incidents', name: 'Incidents' }, { id: '19:new' }],
  });
});

test('a team is read with its group and how many are in it, as far as that can be right', async () => {
  const body = { id: '19:team', name: 'Operations', aadGroupId: OBJECT_ID.toUpperCase(), memberCount: 3 };
  expect(await rosterOf(respond(200, body)).getTeam(QUERY, signal)).toEqual({
    ...{ kind: 'found', name: 'Operations', aadGroupId: OBJECT_ID, memberCount: 3 },
  });
  const odd = { id: '19:team', name: 7, aadGroupId: 'x', memberCount: -1 };
  expect(await rosterOf(respond(200, odd)).getTeam(QUERY, signal)).toEqual({ kind: 'found' });
  expect(await rosterOf(respond(200, {})).getTeam(QUERY, signal)).toEqual({ kind: 'later' });
});
