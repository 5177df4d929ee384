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

  test('what was entered for one of several actions comes under the one id that everybody knows, however it was sent', () => {
    const data = { bellhop: 'respond', action: 'b', 'bellhop-input:b': 'x' };
    const known = { ...data, 'bellhop-input': 'x' };
    expect(read(cardAction({ type: 'Action.Execute', verb: 'bellhop', data }))).toMatchObject({ data: known });
    expect(read(personalMessage({ value: data }))).toMatchObject({ value: known });
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

describe('whom a message mentions', () => {
  const BOT = { type: 'mention', text: '<at>Bellhop</at>', mentioned: { id: BOT_ID, name: 'Bellhop' } };
  const ben = { type: 'mention', text: '<at>Ben</at>', mentioned: { id: '29:ben', name: ' Ben Albrecht ' } };

  test('is told in the order of the text, and stays in it; only the bot is taken out', () => {
    const ana = { type: 'mention', text: '<at>Ana</at>', mentioned: { id: USER_OBJECT_ID } };
    const text = '<at>Bellhop</at> tell <at>Ana</at> and <at>Ben</at> it broke';
    expect(read(personalMessage({ text, entities: [ben, BOT, ana] }))).toMatchObject({
      text: 'tell <at>Ana</at> and <at>Ben</at> it broke',
      mentions: [
        { text: '<at>Ana</at>', id: USER_OBJECT_ID, name: 'Ana' },
        { text: '<at>Ben</at>', id: '29:ben', name: 'Ben Albrecht' },
      ],
    });
  });

  test('stays although it has the name of the bot', () => {
    const namesake = { ...BOT, mentioned: { id: '29:other', name: 'Bellhop' } };
    const text = '<at>Bellhop</at> tell <at>Bellhop</at> hello';
    expect(read(personalMessage({ text, entities: [BOT, namesake] }))).toMatchObject({
      text: 'tell <at>Bellhop</at> hello',
      mentions: [{ id: '29:other' }],
    });
  });

  test.each([
    ['another bot', { ...ben, mentioned: { id: '28:another' } }],
    ['a channel', { ...ben, mentioned: { id: '19:channel@thread.tacv2' } }],
    ['somebody who is not in the text', { ...ben, text: '<at>Carl</at>' }],
    ['nobody', { type: 'mention', text: '<at>Ben</at>' }],
  ])('is not told of %s', (_name, entity) => {
    expect(read(personalMessage({ text: 'hi <at>Ben</at>', entities: [entity] }))).not.toHaveProperty('mentions');
  });
});

describe('teams', () => {
  const update = (parts: Body) => read(teamActivity({ type: 'conversationUpdate', text: undefined, ...parts }));
  const channelData = (parts: Body) => ({
    channelData: { tenant: { id: TENANT_ID }, team: { id: TEAM_ID, name: 'Operations' }, ...parts },
  });

  test('people who come and leave are told by their ids, the bot left out', () => {
    const membersAdded = [{ id: '29:new', aadObjectId: USER_OBJECT_ID.toUpperCase() }, { id: '28:another' }, {}, 7];
    expect(update({ membersAdded, membersRemoved: [{ id: '29:old' }] })).toMatchObject({
      kind: 'members',
      added: [{ tenantId: TENANT_ID, teamsUserId: '29:new', aadObjectId: USER_OBJECT_ID }],
      left: [{ tenantId: TENANT_ID, teamsUserId: '29:old' }],
    });
    expect(read(personalMessage({ type: 'conversationUpdate', membersAdded }))).toMatchObject({ kind: 'other' });
  });

  test.each(['channelDeleted', 'channeldeleted', 'CHANNELDELETED'])('the event type %s is understood', (eventType) => {
    const channel = { id: '19:incidents@thread.tacv2', name: 'Incidents' };
    expect(update(channelData({ eventType, channel }))).toMatchObject({
      kind: 'place',
      change: 'channelDeleted',
      channel,
      team: { id: TEAM_ID, name: 'Operations' },
    });
  });

  test('an event type that is new says nothing', () => {
    expect(update(channelData({ eventType: 'channelShared' }))).toMatchObject({ kind: 'other' });
  });

  test('the channel that was selected, and the group of the team, are told by an installation', () => {
    const selectedChannel = { id: '19:incidents@thread.tacv2' };
    const team = { id: TEAM_ID, aadGroupId: USER_OBJECT_ID.toUpperCase() };
    const event = read(
      teamActivity({
        type: 'installationUpdate',
        action: 'add',
        ...channelData({ team, settings: { selectedChannel } }),
      }),
    );
    expect(event).toMatchObject({ selectedChannelId: selectedChannel.id, team: { aadGroupId: USER_OBJECT_ID } });
  });
});
