// What each activity of Teams means.

import { parseActivity } from '../../../../src/teams/activity-shape.ts';
import { readActivity } from '../../../../src/teams/read-activity.ts';
import {
  BOT_ID,
  type Body,
  bytesOf,
  cardAction,
  personalInstallation,
  personalMessage,
  SERVICE_URL,
  TEAM_ID,
  TENANT_ID,
  teamActivity,
  USER_ID,
  USER_OBJECT_ID,
} from './activities.ts';

const NOW_MS = Date.UTC(2026, 5, 1);

function read(body: Body) {
  const activity = parseActivity(bytesOf(body));
  return activity && readActivity(activity, NOW_MS);
}

const personOf = (parts: Body) => read(personalMessage(parts))?.from;

describe('where and when', () => {
  test('a personal chat gives a complete reference to the conversation', () => {
    expect(read(personalMessage())).toMatchObject({
      activityId: '1767225600000',
      atMs: Date.UTC(2026, 0, 1),
      scope: 'personal',
      conversation: {
        tenantId: TENANT_ID,
        kind: 'personal',
        serviceUrl: SERVICE_URL,
        botAccountId: BOT_ID,
        conversationId: 'a:1conv',
      },
    });
  });

  test('a thread of a channel belongs to the team, under the id of the channel', () => {
    const conversation = { conversationType: 'channel', id: '19:channel@thread.tacv2;messageid=1767225600000' };
    expect(read(teamActivity({ conversation }))).toMatchObject({
      scope: 'team',
      team: { id: TEAM_ID, name: 'Operations' },
      conversation: { kind: 'channel', conversationId: '19:channel@thread.tacv2' },
    });
  });

  test.each([
    [{ conversationType: 'groupChat', id: '19:chat@thread.v2' }, 'groupChat'],
    [{ isGroup: true, id: '19:chat@thread.v2' }, 'groupChat'],
    [{ conversationType: 'channel', id: TEAM_ID }, 'team'],
    [{ id: 'a:1conv' }, 'personal'],
  ])('the conversation %j is of the scope %s', (conversation, scope) => {
    expect(read(personalMessage({ conversation }))).toMatchObject({ scope });
  });

  test.each([[undefined], ['not a date']])('the timestamp %j gives the present instant', (timestamp) => {
    expect(read(personalMessage({ timestamp }))?.atMs).toBe(NOW_MS);
  });

  test('a timestamp with seven digits of a second and an offset is understood', () => {
    const event = read(personalMessage({ timestamp: '2026-01-01T01:00:00.1250000+01:00' }));
    expect(event?.atMs).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 125));
  });

  test('an activity without a tenant means nothing', () => {
    expect(read(personalMessage({ channelData: {}, conversation: { id: 'a:1conv' } }))).toBeUndefined();
  });
});

describe('who', () => {
  const clientInfo = { type: 'clientInfo', locale: 'de-de', timezone: 'Europe/Berlin' };

  test('a person is read with both ids, name, language and time zone', () => {
    const from = { id: USER_ID, aadObjectId: USER_OBJECT_ID.toUpperCase(), name: ' Jo ' };
    expect(personOf({ from, entities: [clientInfo] })).toEqual({
      tenantId: TENANT_ID,
      aadObjectId: USER_OBJECT_ID,
      teamsUserId: USER_ID,
      name: 'Jo',
      locale: 'de-DE',
      timeZone: 'Europe/Berlin',
    });
  });

  test('the language of the activity comes before that of the client, and the zone of the client first', () => {
    const person = personOf({ locale: 'fr-FR', localTimezone: 'America/Lima', entities: [clientInfo] });
    expect(person).toMatchObject({ locale: 'fr-FR', timeZone: 'Europe/Berlin' });
    expect(personOf({ localTimezone: 'America/Lima' })).toMatchObject({ timeZone: 'America/Lima' });
  });

  test.each(['Mars/Olympus', '+01:00', ''])('the time zone %j is not kept', (timezone) => {
    expect(personOf({ entities: [{ ...clientInfo, timezone }] })).not.toHaveProperty('timeZone');
  });

  test('a language that is no BCP 47 tag is not kept', () => {
    expect(personOf({ locale: 'german!' })).not.toHaveProperty('locale');
  });

  test.each([
    ['is missing', undefined],
    ['is the bot itself', { id: BOT_ID, aadObjectId: USER_OBJECT_ID }],
    ['is another kind of account', { id: '28:another-bot' }],
  ])('nobody is named when the sender %s', (_name, from) => {
    const event = read(personalMessage({ from }));
    expect(event).toBeDefined();
    expect(event).not.toHaveProperty('from');
  });

  test('an object id that is no GUID is left out, and the bare ids of local tools are taken', () => {
    expect(personOf({ from: { id: 'user-id-0', aadObjectId: 'nobody' } })).toEqual({
      tenantId: TENANT_ID,
      teamsUserId: 'user-id-0',
    });
  });
});

describe('installation', () => {
  test.each([
    ['add', 'installed'],
    ['Add', 'installed'],
    ['add-upgrade', 'installed'],
    ['remove', 'removed'],
    ['REMOVE', 'removed'],
    ['remove-upgrade', 'removed'],
  ])('the action %s is authoritative: %s', (action, kind) => {
    expect(read(personalInstallation(action))).toMatchObject({ kind, isAuthoritative: true });
  });

  test('an action nobody has heard of changes nothing', () => {
    expect(read(personalInstallation('pause'))).toMatchObject({ kind: 'other' });
  });

  test.each([
    ['membersAdded', 'installed'],
    ['membersRemoved', 'removed'],
  ])('the bot among %s is a hint: %s', (list, kind) => {
    const body = teamActivity({ type: 'conversationUpdate', [list]: [{ id: USER_ID }, { id: BOT_ID }] });
    expect(read(body)).toMatchObject({ kind, isAuthoritative: false });
  });

  test('other members, and changes of the team in any spelling, change nothing', () => {
    expect(read(teamActivity({ type: 'conversationUpdate', membersAdded: [{ id: USER_ID }] }))?.kind).toBe('other');
    const channelData = { eventType: 'teamrestored', tenant: { id: TENANT_ID }, team: { id: TEAM_ID } };
    expect(read(teamActivity({ type: 'conversationUpdate', channelData }))?.kind).toBe('other');
  });
});

describe('words and buttons', () => {
  const mention = (text: string, id = BOT_ID) => ({ type: 'mention', text, mentioned: { id, name: 'x' } });

  test.each([
    ['<at>Bellhop</at> help\n', [mention('<at>Bellhop</at>')], 'help'],
    ['help\u00a0<at>Bellhop</at>', [mention('<at>Bellhop</at>')], 'help'],
    ['<at>B</at> ask <at>Jo</at>', [mention('<at>B</at>'), mention('<at>Jo</at>', USER_ID)], 'ask <at>Jo</at>'],
    ['<at>(a+)+$</at> help', [mention('<at>(a+)+$</at>')], 'help'],
    ['help', [mention('')], 'help'],
    ['help', [null, { type: 'mention' }, { type: 'mention', mentioned: 1 }], 'help'],
  ])('%j reads without the bot', (text, entities, expected) => {
    expect(read(teamActivity({ text, entities }))).toMatchObject({ kind: 'message', text: expected });
  });

  test('a pressed Action.Submit button is a message without text and with a value', () => {
    const value = { command: 'pause' };
    expect(read(personalMessage({ text: undefined, value }))).toMatchObject({ kind: 'message', text: '', value });
    expect(read(personalMessage())).not.toHaveProperty('value');
  });

  test('a pressed Action.Execute button is an action', () => {
    const event = read(cardAction({ type: 'Action.Execute', verb: 'ack', data: { id: 7 } }));
    expect(event).toMatchObject({ kind: 'action', verb: 'ack', data: { id: 7 } });
  });

  test.each([[undefined], ['ack'], [{ type: 'Action.Execute' }], [{ type: 'Action.Submit', verb: 'ack' }]])(
    'the card action %j is none',
    (action) => {
      expect(read(cardAction(action))).toMatchObject({ kind: 'other' });
    },
  );

  test.each(['messageReaction', 'messageUpdate', 'typing', 'event', 'somethingNew', 'invoke'])(
    'an activity of the type %s is only noticed',
    (type) => {
      expect(read(personalMessage({ type }))).toMatchObject({ kind: 'other', from: { aadObjectId: USER_OBJECT_ID } });
    },
  );
});
