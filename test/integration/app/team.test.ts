// The bot in a team: it is recorded, and it answers where it is asked.

import { DatabaseSync } from 'node:sqlite';
import { nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

describe('in a team', () => {
  let service: RunningService;

  const rows = (sql: string) => {
    const db = new DatabaseSync(service.databasePath, { readOnly: true });
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  };
  const readRoster = async () => rows('SELECT * FROM roster')[0];

  beforeEach(async () => {
    service = await startService();
    await service.sandbox.people.install('operations');
  });

  afterEach(() => service.stop());

  test('its channels and members are read, and it is greeted once, in the channel; nobody in their own chat', async () => {
    const { sandbox } = service;
    await until(readRoster, (row) => row?.['read_at_ms'] !== null);
    await until(
      async () => sandbox.ledger.counts().posted,
      (posted) => posted > 0,
    );
    await sandbox.people.install('operations');
    expect(await readRoster()).toMatchObject({ name: 'Operations', member_count: 3, scope: 'team', state: 'active' });
    expect(rows('SELECT name FROM channel')).toEqual([{ name: 'Incidents' }]);
    expect(rows('SELECT email, teams_conversation_id FROM person JOIN conversation ON person_id = person.id')).toEqual(
      ['ana', 'ben', 'chloe'].map((name) => ({ email: `${name}@contoso.com`, teams_conversation_id: null })),
    );
    const posted = sandbox.ledger.since(0).filter((entry) => entry.posted > 0);
    expect(posted).toMatchObject([{ conversationId: sandbox.organisation.teams[0]?.id }]);
  });

  test('taking the bot away leaves nobody known who has not installed it', async () => {
    await until(readRoster, (row) => row?.['read_at_ms'] !== null);
    await service.sandbox.people.install('ben');
    await service.sandbox.people.uninstall('operations');
    await until(
      async () => rows('SELECT email FROM person'),
      (people) => people.length === 1,
    );
    expect(rows('SELECT email FROM person')).toEqual([{ email: 'ben@contoso.com' }]);
    expect(rows('SELECT * FROM roster')).toEqual([]);
  });

  test('a question in a channel is answered in its thread', async () => {
    const { sandbox } = service;
    const [ana] = sandbox.organisation.people;
    const [team] = sandbox.organisation.teams;
    const channel = team?.channels.at(-1);
    const place = sandbox.conversations.find(channel?.id ?? '');
    const rootId = place ? sandbox.conversations.post(place, { author: 'ana', activity: { text: 'A word' } }).id : '';
    const answer = nextMessage(sandbox, 'What I can do');
    const result = await sandbox.sendActivity({
      type: 'message',
      id: '1700000000001',
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: sandbox.serviceUrl,
      from: { id: ana?.teamsUserId, aadObjectId: ana?.aadObjectId, name: ana?.name },
      recipient: { id: `28:${service.appId}`, name: 'Bellhop' },
      conversation: { conversationType: 'channel', isGroup: true, id: `${channel?.id};messageid=${rootId}` },
      channelData: {
        tenant: { id: sandbox.organisation.tenantId },
        team: { id: team?.id, name: team?.name },
        channel: { id: channel?.id },
      },
      text: '<at>Bellhop</at> help',
      entities: [
        { type: 'mention', text: '<at>Bellhop</at>', mentioned: { id: `28:${service.appId}`, name: 'Bellhop' } },
      ],
    });
    expect(result).toMatchObject({ status: 200 });
    await answer;
    // The greeting in the main channel may have come by now, or not.
    const posted = sandbox.ledger.since(0).filter((one) => one.posted > 0 && one.conversationId !== team?.id);
    expect(posted).toMatchObject([{ conversationId: `${channel?.id};messageid=${rootId}` }]);
  });
});

describe('a team of ten thousand people', () => {
  let service: RunningService;

  afterEach(() => service.stop());

  const people = () => {
    const db = new DatabaseSync(service.databasePath, { readOnly: true });
    try {
      const read = 'SELECT count(*) AS members, (SELECT read_at_ms FROM roster) AS read_at_ms FROM roster_member';
      return db.prepare(read).get();
    } finally {
      db.close();
    }
  };

  test('is read with at most 25 requests, also when the service is stopped meanwhile, and is not greeted', async () => {
    service = await startService({ sandbox: { peopleCount: 10_000 } });
    const { sandbox } = service;
    await sandbox.people.install('operations');
    await until(
      async () => people(),
      (row) => Number(row?.['members']) >= 1_000,
    );
    await service.restart();
    const read = await until(
      async () => people(),
      (row) => row?.['read_at_ms'] !== null,
      30_000,
    );
    expect(read).toMatchObject({ members: 10_003 });
    expect(sandbox.ledger.counts().requests).toBeLessThanOrEqual(25);
    expect(sandbox.ledger.counts().posted).toBe(0);
  });
});
