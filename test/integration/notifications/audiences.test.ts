// Teams, channels, group chats, members of teams and topics as recipients.

import { explainUnresolved, parseRecipient, type UnresolvedReason } from '../../../src/domain/recipient.ts';
import type { AddressingRights } from '../../../src/notifications/resolve-recipients.ts';
import { CHANNEL_ID, CHAT_ID, GROUP_ID, type RosterRows, rosterRows, TEAM_ID } from '../../support/roster-rows.ts';
import { APP_ID, type InstalledPerson, SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';
const PLACES = [
  `team:${TEAM_ID}`,
  `team:${GROUP_ID}`,
  `channel:${TEAM_ID}`,
  `channel:${CHANNEL_ID}`,
  `chat:${CHAT_ID}`,
];
const MEMBERS = `team-members:${TEAM_ID}`;

let notifications: Notifications;
let ana: InstalledPerson;

beforeEach(async () => {
  notifications = await openNotifications();
  ana = await notifications.install(1);
});

afterEach(() => notifications.close());

const addTeam = (rows: Partial<RosterRows> = {}) => {
  for (const sql of rosterRows({ laneId: ana.laneId, members: [ana.personId], ...rows })) {
    notifications.runSql(sql);
  }
};

const addTopic = (...people: readonly InstalledPerson[]) =>
  notifications.store.write(async (tx) => {
    const id = (await tx.topics.insert({ name: 'deploys', description: 'Deployments', nowMs: 0 })) ?? 0;
    for (const { personId } of people) {
      await tx.topics.subscribe(id, personId, 0);
    }
    return id;
  });

/** Why the recipient gets nothing; undefined when it gets a delivery. */
const reasonFor = async (to: string, rights: Partial<AddressingRights> = {}): Promise<UnresolvedReason | undefined> => {
  try {
    await notifications.ask({ to }, { rights });
    return undefined;
  } catch (error) {
    const { details } = Object(error);
    return details.unresolved[0].reason;
  }
};

const detailFor = async (to: string, rights: Partial<AddressingRights> = {}): Promise<string> => {
  const error: unknown = await notifications.ask({ to }, { rights }).catch((refusal: unknown) => refusal);
  return Object(error).details.unresolved[0].detail;
};

const expandAll = async () => {
  const nowMs = notifications.clock.nowMs();
  while (await notifications.store.read.notifications.hasOpenFanout(nowMs)) {
    await notifications.store.write((tx) => tx.queue.expandFanout(nowMs, 100));
  }
};

const rowsOf = () =>
  notifications.readRows('SELECT conversation_id AS id, recipient FROM delivery ORDER BY conversation_id');

describe('a place', () => {
  test.each([
    [`team:${TEAM_ID}`, 900],
    [`team:${GROUP_ID.toUpperCase()}`, 900],
    [`channel:${TEAM_ID}`, 900],
    [`channel:${CHANNEL_ID}`, 902],
    [`chat:${CHAT_ID}`, 901],
  ])('gets one message: %s', async (to, conversationId) => {
    addTeam();
    const { answer } = await notifications.ask({ to });
    expect(answer).toMatchObject({ deliveries: [{ recipient: to, state: 'queued' }], estimate: { recipients: 1 } });
    expect(rowsOf()).toEqual([{ id: conversationId, recipient: to }]);
  });

  test('that is named in two ways gets it once', async () => {
    addTeam();
    const to = [`team:${TEAM_ID}`, `team:${GROUP_ID}`, `channel:${TEAM_ID}`];
    const { answer } = await notifications.ask({ to });
    expect(answer.deliveries.map(({ sameAs }) => sameAs)).toEqual([undefined, to[0], to[0]]);
    expect(rowsOf()).toHaveLength(1);
  });

  test('that the bot was never added to is unknown', async () => {
    for (const to of [...PLACES, MEMBERS]) {
      expect(await reasonFor(to)).toBe('unknown');
      expect(await detailFor(to)).toBe(explainUnresolved('unknown', parseRecipient(to)));
    }
  });

  test('of another tenant is unknown to a producer of one', async () => {
    addTeam();
    for (const to of [...PLACES, MEMBERS]) {
      expect(await reasonFor(to, { tenantId: OTHER_TENANT })).toBe('unknown');
      expect(await reasonFor(to, { tenantId: TENANT })).toBeUndefined();
    }
  });

  test('of which two tenants have one is ambiguous', async () => {
    addTeam();
    addTeam({ tenantId: OTHER_TENANT, index: 1 });
    expect(await reasonFor(`team:${TEAM_ID}`)).toBe('ambiguous');
    expect(await reasonFor(`team:${TEAM_ID}`, { tenantId: OTHER_TENANT })).toBeUndefined();
  });

  test.each(['archived', 'deleted'] as const)(
    'that is %s is unreachable, and says that sending resumes',
    async (state) => {
      addTeam({ state });
      for (const to of [...PLACES, MEMBERS]) {
        expect(await reasonFor(to)).toBe('unreachable');
        expect(await detailFor(to)).toContain('Sending resumes when it is restored');
      }
    },
  );

  test('is unreachable as a deleted channel, and its team is not', async () => {
    addTeam({ channelState: 'deleted' });
    expect(await reasonFor(`channel:${CHANNEL_ID}`)).toBe('unreachable');
    expect(await reasonFor(`team:${TEAM_ID}`)).toBeUndefined();
  });

  test.each([
    ['removed', 'not_installed'],
    ['unreachable', 'unreachable'],
  ] as const)('whose installation is %s is %s', async (state, reason) => {
    addTeam();
    notifications.runSql(
      `INSERT INTO installation (tenant_id, scope, subject_digest, conversation_id, state, changed_at_ms, generation)
       VALUES ('${TENANT}', 'team', 'team', 900, '${state}', 0, 1)`,
    );
    expect(await reasonFor(`team:${TEAM_ID}`)).toBe(reason);
    expect(await reasonFor(MEMBERS)).toBe(reason);
  });

  test('is not mistaken for one of another kind', async () => {
    addTeam();
    expect(await reasonFor(`team:${CHAT_ID}`)).toBe('unknown');
    expect(await reasonFor(`chat:${TEAM_ID}`)).toBe('unknown');
    expect(await reasonFor(`channel:${CHAT_ID}`)).toBe('unknown');
    expect(await reasonFor(`team-members:${CHAT_ID}`)).toBe('unknown');
  });
});

describe('somebody who is in a team and has no bot of their own', () => {
  beforeEach(async () => {
    const personId = await notifications.store.write(async (tx) => {
      const profile = { tenantId: TENANT, teamsUserId: '29:member', email: 'member@contoso.com' };
      const id = await tx.people.insert(profile, 0);
      const reference = { tenantId: TENANT, kind: 'personal', serviceUrl: SERVICE_URL } as const;
      const unopened = { ...reference, botAccountId: `28:${APP_ID}`, conversationId: 'unopened' };
      await tx.conversations.insert(unopened, { laneId: ana.laneId, personId: id }, 0);
      return id;
    });
    addTeam({ members: [personId] });
  });

  test.each(['member@contoso.com', '29:member'])('can be written to: %s', async (to) => {
    expect(await reasonFor(to)).toBeUndefined();
  });

  test('cannot be once the team is archived', async () => {
    notifications.runSql(`UPDATE roster SET state = 'archived'`);
    expect(await reasonFor('member@contoso.com')).toBe('not_installed');
  });
});

describe('a person', () => {
  test.each(['not_installed', 'not_in_roster', 'uninstalled'])(
    'to whom Teams refused a message because of %s does not have the bot',
    async (reason) => {
      notifications.runSql(`UPDATE installation SET state = 'unreachable', reason = '${reason}'`);
      expect(await reasonFor(ana.email)).toBe('not_installed');
    },
  );

  test('who wants no messages is answered so, and nothing is stored for them', async () => {
    await notifications.store.write((tx) => tx.preferences.save(ana.personId, { optedOutAtMs: 1 }, 1));
    expect(await reasonFor(ana.email)).toBe('opted_out');
    expect(rowsOf()).toEqual([]);
    await notifications.store.write((tx) => tx.preferences.save(ana.personId, { mutes: [] }, 1));
    expect(await reasonFor(ana.email)).toBeUndefined();
  });
});

describe('an audience', () => {
  test('of a team gets a message each, and the answer shows it as it was written', async () => {
    const ben = await notifications.install(2);
    addTeam({ members: [ana.personId, ben.personId] });
    const to = `team-members:${GROUP_ID.toUpperCase()}`;
    const { answer } = await notifications.ask({ to });
    expect(answer).toMatchObject({ deliveries: [{ recipient: to, state: 'queued' }], estimate: { recipients: 2 } });
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'expanding', broadcasts: [to] });
    await expandAll();
    expect(await notifications.statusOf(answer.id)).toMatchObject({
      progress: 'sending',
      counts: { queued: 2 },
      broadcasts: [to],
      deliveries: [{ recipient: null }, { recipient: null }],
    });
  });

  test('that is named twice is one, and mixes with names, places and everyone', async () => {
    const [ben, chloe] = [await notifications.install(2), await notifications.install(3)];
    addTeam({ members: [ana.personId, ben.personId] });
    await addTopic(ben, chloe);
    const to = ['topic:Deploys', 'topic:deploys', MEMBERS, ana.email, `team:${TEAM_ID}`, 'everyone'];
    const { answer } = await notifications.ask({ to });
    expect(answer.deliveries.map(({ recipient, sameAs }) => [recipient, sameAs])).toEqual([
      [ana.email, undefined],
      [`team:${TEAM_ID}`, undefined],
      ['topic:Deploys', undefined],
      ['topic:deploys', 'topic:Deploys'],
      [MEMBERS, undefined],
      ['everyone', undefined],
    ]);
    expect(answer.estimate.recipients).toBe(4);
    await expandAll();
    expect(rowsOf().map(({ id }) => id)).toEqual([ana, ben, chloe].map((one) => one.conversationId).concat(900));
    expect((await notifications.statusOf(answer.id)).broadcasts).toEqual(['everyone', MEMBERS, 'topic:Deploys']);
  });

  test('of a topic without subscribers is accepted, with nobody', async () => {
    await addTopic();
    const { answer } = await notifications.ask({ to: 'topic:deploys' });
    expect(answer).toMatchObject({ deliveries: [{ recipient: 'topic:deploys' }], estimate: { recipients: 0 } });
    await expandAll();
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'done', counts: {} });
  });

  test('of a topic that nobody has made is unknown', async () => {
    expect(await reasonFor('topic:deploys')).toBe('unknown');
    expect(await detailFor('topic:deploys')).toContain('topic create');
  });
});

describe('a key', () => {
  beforeEach(async () => {
    addTeam();
    await addTopic(ana);
  });

  test('needs broadcast for the members of a team, and is told so', async () => {
    expect(await reasonFor(MEMBERS, { canSend: false })).toBeUndefined();
    expect(await reasonFor(MEMBERS, { canBroadcast: false })).toBe('not_allowed');
    expect(await detailFor(MEMBERS, { canBroadcast: false })).toContain('it lacks the scope broadcast');
  });

  test.each([...PLACES, 'topic:deploys'])('needs send for %s, and is told so', async (to) => {
    expect(await reasonFor(to, { canBroadcast: false })).toBeUndefined();
    expect(await detailFor(to, { canSend: false })).toContain('it lacks the scope send');
  });

  test.each([...PLACES, MEMBERS, 'topic:deploys'])('that is limited to others may not address %s', async (to) => {
    expect(await reasonFor(to, { recipients: ['*@contoso.com', 'topic:other', `chat:19:other@thread.v2`] })).toBe(
      'not_allowed',
    );
    expect(await reasonFor(to, { recipients: [to] })).toBeUndefined();
  });
});

test('a person, a place and a topic that are unknown are told in the order of the request', async () => {
  const to = [ana.email, 'topic:none', `chat:${CHAT_ID}`, 'nobody@contoso.com'];
  const { answer } = await notifications.ask({ to });
  expect(answer.unresolved.map(({ recipient }) => recipient)).toEqual(to.slice(1));
  expect(notifications.readRows('SELECT recipient FROM mention')).toEqual([{ recipient: 'nobody@contoso.com' }]);
});
