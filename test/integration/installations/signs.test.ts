// Who is installed, told from signs that come in any order and more than once.

import fc from 'fast-check';
import type { InboundEvent, PlaceChange } from '../../../src/domain/inbound-event.ts';
import { InboundFixture } from '../../support/inbound-fixture.ts';
import { APP_ID, SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';

let fixture: InboundFixture;

beforeEach(async () => {
  fixture = await InboundFixture.create();
});

afterEach(() => fixture.dispose());

const NEWER_URL = 'https://smba.trafficmanager.net/amer/';

describe('a personal installation', () => {
  test('makes the person known, reachable and welcomed', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ profile: { locale: 'de-DE', timeZone: 'Europe/Berlin' } })),
    );
    expect(fixture.installations()).toMatchObject([{ scope: 'personal', state: 'active', generation: 1 }]);
    expect(fixture.people()).toMatchObject([
      {
        tenant_id: TENANT,
        aad_object_id: '0a0a0a0a-0000-4000-8000-000000000001',
        teams_user_id: '29:pairwise-1',
        locale: 'de-DE',
        time_zone: 'Europe/Berlin',
      },
    ]);
    expect(fixture.conversations()).toMatchObject([
      { kind: 'personal', teams_conversation_id: 'a:chat-1', service_url: SERVICE_URL, bot_account_id: `28:${APP_ID}` },
    ]);
    expect(fixture.said()).toEqual(['welcome']);
  });

  test('is told twice by Teams, by two activities, and welcomed once', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 5 }), false),
      fixture.installed(fixture.personal({ at: 0 })),
    );
    expect(fixture.said()).toEqual(['welcome']);
    expect(fixture.installations()).toMatchObject([{ state: 'active', generation: 1 }]);
  });

  test('that ends and begins again is welcomed again', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 0 })),
      fixture.removed(fixture.personal({ at: 10 })),
      fixture.installed(fixture.personal({ at: 20 })),
      fixture.installed(fixture.personal({ at: 21 }), false),
    );
    expect(fixture.said()).toEqual(['welcome', 'welcome']);
    expect(fixture.installations()).toMatchObject([{ state: 'active', generation: 2 }]);
  });

  test('of somebody whom an earlier message made known is not welcomed twice', async () => {
    await fixture.tell(fixture.wrote(fixture.personal({ at: 10 })), fixture.installed(fixture.personal({ at: 0 })));
    expect(fixture.said()).toEqual(['welcome', 'help']);
    expect(fixture.installations()).toMatchObject([{ state: 'active' }]);
  });

  test('that was lost by a block resumes with the next message, without another welcome', async () => {
    await fixture.tell(fixture.installed(fixture.personal({ at: 0 })));
    await fixture.queue.store.write((tx) => tx.installations.setLost(1, 'unreachable', 'blocked_by_user'));
    await fixture.tell(fixture.wrote(fixture.personal({ at: 10 })));
    expect(fixture.installations()).toMatchObject([{ state: 'active', reason: null }]);
    expect(fixture.said()).toEqual(['welcome', 'help']);
  });

  test('that Teams said to be gone does not come back with the late twin of its own beginning', async () => {
    const twin = fixture.installed(fixture.personal({ at: 0 }), false);
    await fixture.tell(fixture.installed(fixture.personal({ at: 0 })));
    await fixture.queue.store.write((tx) => tx.installations.setLost(1, 'removed', 'not_in_roster'));
    await fixture.tell(twin);
    expect(fixture.installations()).toMatchObject([{ state: 'removed' }]);
  });

  test.each(['installed', 'message', 'action'] as const)('does not come back with an old %s', async (kind) => {
    const old = fixture.personal({ at: 5 });
    await fixture.tell(fixture.installed(fixture.personal({ at: 0 })), fixture.removed(fixture.personal({ at: 10 })));
    const said = fixture.said();
    await fixture.tell({ ...old, kind, isAuthoritative: true, text: 'hi', verb: 'v', data: {} } as InboundEvent);
    expect(fixture.installations()).toMatchObject([{ state: 'removed', person_id: null, conversation_id: null }]);
    expect(fixture.people()).toEqual([]);
    expect(fixture.said()).toEqual(said);
  });
});

/** What Teams says of two installations with a removal between them, each change told by two activities. */
function lifeOf(index: number): readonly InboundEvent[] {
  const at = (ms: number) => fixture.personal({ index, at: ms, serviceUrl: `${SERVICE_URL}${ms}/` });
  return [
    fixture.installed(at(0)),
    fixture.installed(at(3), false),
    fixture.wrote(at(10)),
    fixture.removed(at(20)),
    fixture.removed(at(22), false),
    fixture.installed(at(40)),
    fixture.installed(at(41), false),
  ];
}

function* permutations<T>(values: readonly T[]): Generator<readonly T[]> {
  if (values.length === 0) {
    yield [];
  }
  for (const [at, value] of values.entries()) {
    for (const rest of permutations(values.toSpliced(at, 1))) {
      yield [value, ...rest];
    }
  }
}

describe('the same signs', () => {
  /** Where the person who came last stands, without row ids. */
  const lastState = () =>
    fixture.queue.rows(
      `SELECT i.state, i.changed_at_ms, c.service_url, c.teams_conversation_id, p.aad_object_id
         FROM installation i LEFT JOIN person p ON p.id = i.person_id LEFT JOIN conversation c ON c.id = i.conversation_id
        ORDER BY i.id DESC LIMIT 1`,
    )[0];

  const welcomes = () => fixture.said().filter((kind) => kind === 'welcome').length;

  test('of one installation end in the same state with one welcome, in every order', async () => {
    let index = 0;
    const ends = new Set<string>();
    for (const order of permutations([0, 1, 2, 3])) {
      index += 1;
      const at = (ms: number) => fixture.personal({ index, at: ms });
      const signs = [
        fixture.installed(at(0)),
        fixture.installed(at(3), false),
        fixture.wrote(at(10)),
        fixture.wrote(at(11)),
      ];
      await fixture.tell(...order.flatMap((which) => signs[which] ?? []));
      ends.add(JSON.stringify({ ...lastState(), teams_conversation_id: '', aad_object_id: '' }));
      expect(welcomes()).toBe(index);
    }
    expect(index).toBe(24);
    expect(ends.size).toBe(1);
  });

  test('that end with a removal leave nothing but the removal, in every order', async () => {
    let index = 0;
    for (const order of permutations([0, 1, 3, 4])) {
      index += 1;
      const signs = lifeOf(index);
      await fixture.tell(...order.flatMap((which) => signs[which] ?? []));
      expect(lastState()).toMatchObject({ state: 'removed', service_url: null, aad_object_id: null });
    }
    expect(fixture.people()).toEqual([]);
  });

  test('of several installations end in the state of the newest, however often and in whatever order', async () => {
    let index = 0;
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(orders, orders, async (first, again) => {
        index += 1;
        const before = welcomes();
        const signs = lifeOf(index);
        const told = [...first, ...again.filter((which) => first.includes(which))];
        await fixture.tell(...told.flatMap((which) => signs[which] ?? []));
        const newest = Math.max(...first);
        const isRemoved = newest === 3 || newest === 4;
        const newestAt = [0, 3, 10, 20, 22, 40, 41][newest];
        expect(lastState()).toMatchObject(
          isRemoved ? { state: 'removed', aad_object_id: null } : { service_url: `${SERVICE_URL}${newestAt}/` },
        );
        expect(welcomes() - before).toBeLessThanOrEqual(2);
        expect(welcomes() - before).toBeGreaterThanOrEqual(isRemoved ? 0 : 1);
      }),
      { numRuns: 150, seed: 42 },
    );
  });
});

describe('a message', () => {
  test('refreshes the reference and what is known of the person', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 0, profile: { locale: 'en-US' } })),
      fixture.wrote(
        fixture.personal({
          at: 10,
          serviceUrl: NEWER_URL,
          profile: { name: 'Ana', locale: 'fr-FR', timeZone: 'Europe/Paris' },
        }),
      ),
    );
    expect(fixture.conversations()).toMatchObject([{ service_url: NEWER_URL }]);
    expect(fixture.people()).toMatchObject([{ name: 'Ana', locale: 'fr-FR', time_zone: 'Europe/Paris' }]);
  });

  test('that is older than what is known changes nothing, and is answered all the same', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 10, serviceUrl: NEWER_URL, profile: { locale: 'fr-FR' } })),
      fixture.wrote(fixture.personal({ at: 0, profile: { locale: 'en-US' } })),
    );
    expect(fixture.conversations()).toMatchObject([{ service_url: NEWER_URL }]);
    expect(fixture.people()).toMatchObject([{ locale: 'fr-FR' }]);
    expect(fixture.said()).toEqual(['welcome', 'help']);
  });

  test('goes where the person writes from, though Teams gave the chat a new id', async () => {
    const moved = fixture.personal({ at: 10 });
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 0 })),
      fixture.wrote({ ...moved, conversation: { ...moved.conversation, conversationId: 'a:moved' } }),
    );
    expect(fixture.conversations()).toMatchObject([{ teams_conversation_id: 'a:moved' }]);
  });
});

const rosters = () => fixture.queue.rows('SELECT * FROM roster ORDER BY id');

describe.each(['team', 'groupChat'] as const)('an installation in a %s', (scope) => {
  test('is recorded once, and makes whoever did it known, who is not welcomed', async () => {
    await fixture.tell(fixture.installed(fixture[scope]()), fixture.installed(fixture[scope]({ at: 1 }), false));
    expect(fixture.installations()).toMatchObject([
      { scope, state: 'active', person_id: null, name: scope === 'team' ? 'Team 1' : null },
    ]);
    expect(fixture.conversations()).toMatchObject([
      { kind: scope === 'team' ? 'channel' : 'groupChat', person_id: null, service_url: SERVICE_URL },
      { kind: 'personal', person_id: 1, teams_conversation_id: null, service_url: SERVICE_URL },
    ]);
    expect(fixture.people()).toMatchObject([{ aad_object_id: '0a0a0a0a-0000-4000-8000-000000000001' }]);
    expect(rosters()).toMatchObject([{ scope, state: 'active', greeting_conversation_id: 1, conversation_id: 1 }]);
    expect(fixture.said()).toEqual([]);
  });

  test('does not make its people reachable, and its removal does not touch them', async () => {
    await fixture.tell(fixture.installed(fixture.personal()), fixture.installed(fixture[scope]()));
    await fixture.tell(fixture.removed(fixture[scope]({ at: 10 })));
    expect(fixture.installations()).toMatchObject([
      { scope: 'personal', state: 'active' },
      { scope, state: 'removed' },
    ]);
    expect(fixture.people()).toHaveLength(1);
  });

  test('does not bring back somebody who removed the bot from their own chat', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ at: 0 })),
      fixture.removed(fixture.personal({ at: 10 })),
      fixture.installed(fixture[scope]({ at: 20 })),
    );
    expect(fixture.people()).toEqual([]);
  });

  test('that ends is forgotten with whoever was known by it alone', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal()),
      fixture.installed(fixture[scope]({ profile: fixture.personal({ index: 2 }).from ?? {} })),
      fixture.removed(fixture[scope]({ at: 10 })),
    );
    expect(rosters()).toEqual([]);
    expect(fixture.people()).toHaveLength(1);
    expect(fixture.conversations().filter((row) => row['service_url'] !== null)).toHaveLength(1);
  });

  test('answers what is written to the bot there', async () => {
    await fixture.tell(fixture.installed(fixture[scope]()), fixture.wrote(fixture[scope]({ at: 1 }), 'what?'));
    expect(fixture.said()).toEqual(['help']);
  });
});

describe('what happens in a team', () => {
  const CHANNEL = { id: '19:incidents@thread.tacv2', name: 'Incidents' };
  const AGENT = { tenantId: TENANT, aadObjectId: '0b0b0b0b-0000-4000-8000-000000000001', teamsUserId: '29:agent' };

  const place = (at: number, change: PlaceChange, parts: object = {}): InboundEvent => {
    return { ...fixture.team({ at }), kind: 'place', change, ...parts };
  };

  const members = (at: number, parts: object): InboundEvent => {
    return { ...fixture.team({ at }), kind: 'members', added: [], left: [], ...parts };
  };

  const channels = () => fixture.queue.rows('SELECT * FROM channel ORDER BY id');
  const blocked = () => fixture.conversations().map((row) => Number(row['blocked_until_ms']) > Date.UTC(2500, 0));

  test('somebody who writes in a channel is known from then on, and can be written to', async () => {
    const { conversation, ...context } = fixture.team({ at: 5, profile: { ...AGENT, name: 'Agent' } });
    const inChannel = { ...context, conversation: { ...conversation, conversationId: CHANNEL.id } };
    await fixture.tell(fixture.installed(fixture.team()), fixture.wrote(inChannel), fixture.wrote(inChannel));
    expect(fixture.people()).toMatchObject([{ id: 1 }, { name: 'Agent', aad_object_id: AGENT.aadObjectId }]);
    expect(fixture.queue.rows('SELECT person_id FROM roster_member ORDER BY person_id')).toHaveLength(2);
    expect(fixture.conversations().map((row) => row['teams_conversation_id'])).toEqual([
      '19:team-1@thread.tacv2',
      null,
      CHANNEL.id,
      null,
    ]);
  });

  test('who leaves the team and has no app is erased; who has the app stays known', async () => {
    await fixture.tell(
      fixture.installed(fixture.team()),
      fixture.wrote(fixture.team({ at: 1, profile: AGENT })),
      fixture.installed(fixture.personal()),
    );
    const left = [AGENT, { tenantId: TENANT, aadObjectId: '0a0a0a0a-0000-4000-8000-000000000001' }];
    await fixture.tell(members(5, { left }));
    expect(fixture.people()).toMatchObject([{ id: 1 }]);
    expect(fixture.queue.rows('SELECT * FROM roster_member')).toEqual([]);
  });

  test('that somebody comes is followed by a reading, not before others can have come, too', async () => {
    await fixture.tell(fixture.installed(fixture.team()));
    const { store, clock } = fixture.queue;
    await store.write((tx) => tx.rosters.breakOff(1, null));
    await fixture.tell(members(5, { added: [AGENT] }));
    fixture.queue.clock.advance(2_000);
    await fixture.tell(members(6, { added: [AGENT] }));
    expect(rosters()).toMatchObject([{ due_at_ms: clock.nowMs() + 3_000 }]);
    expect(fixture.people()).toHaveLength(1);
  });

  test('ten thousand people who leave at once are taken out, and forgotten in parts', async () => {
    await fixture.tell(fixture.installed(fixture.team()));
    const left = Array.from({ length: 10_000 }, (_, index) => ({ tenantId: TENANT, teamsUserId: `29:${index}` }));
    const { store, clock } = fixture.queue;
    const people = await store.write((tx) => tx.rosters.insertPeople(left.slice(0, 500), clock.nowMs()));
    const saved = people.map(({ id }) => ({ personId: id, role: null }));
    await store.write((tx) => tx.rosters.saveMembers(1, 1, saved));
    await fixture.tell(members(5, { left }));
    expect(fixture.queue.rows('SELECT * FROM roster_member')).toHaveLength(1);
    expect(fixture.people().length).toBeLessThan(501);
    expect(await store.read.rosters.listLost(1_000)).toHaveLength(fixture.people().length - 1);
  });

  test('renaming it or its channel is known at once; the General channel is the team', async () => {
    const general = { id: '19:team-1@thread.tacv2', name: 'Renamed' };
    const renamed = { ...CHANNEL, name: 'Outages' };
    await fixture.tell(
      fixture.installed(fixture.team()),
      place(1, 'channelCreated', { channel: CHANNEL }),
      place(2, 'channelRenamed', { channel: renamed }),
      place(3, 'channelRenamed', { channel: general }),
      place(4, 'teamRenamed', { team: { id: general.id, name: 'Team One' } }),
    );
    expect(channels()).toMatchObject([{ name: 'Outages', state: 'active' }]);
    expect(rosters()).toMatchObject([{ name: 'Team One' }]);
  });

  test('a thread of a deleted channel waits with its channel, and goes on with it', async () => {
    const { conversation, ...context } = fixture.team({ at: 1 });
    const threadId = `${CHANNEL.id};messageid=1`;
    await fixture.tell(
      fixture.installed(fixture.team()),
      fixture.wrote({ ...context, threadId, conversation: { ...conversation, conversationId: CHANNEL.id } }),
      place(2, 'channelDeleted', { channel: CHANNEL }),
    );
    expect(blocked()).toEqual([false, false, true, true]);
    await fixture.tell(place(3, 'teamArchived'), place(4, 'channelRestored', { channel: CHANNEL }));
    expect(blocked()).toEqual([true, false, true, true]);
    await fixture.tell(place(5, 'teamUnarchived'));
    expect(blocked()).toEqual([false, false, false, false]);
  });

  test('a team that is deleted for good is forgotten as if the bot had been taken from it', async () => {
    await fixture.tell(fixture.installed(fixture.team()), place(1, 'teamHardDeleted'));
    expect(rosters()).toEqual([]);
    expect(fixture.installations()).toMatchObject([{ scope: 'team', state: 'removed' }]);
  });

  test('ends in the same state, however often and in whatever order it is told', async () => {
    let index = 0;
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(orders, orders, async (first, again) => {
        index += 1;
        const at = (ms: number) => fixture.team({ index, at: ms });
        const channel = { id: `19:channel-${index}@thread.tacv2`, name: 'C' };
        const change = (ms: number, kind: PlaceChange) =>
          ({ ...at(ms), kind: 'place', change: kind, channel }) as InboundEvent;
        const signs = [
          change(10, 'channelCreated'),
          change(20, 'channelDeleted'),
          change(30, 'channelRestored'),
          change(40, 'teamArchived'),
          change(50, 'teamUnarchived'),
          change(60, 'channelDeleted'),
          fixture.wrote(at(70)),
          fixture.installed(at(3), false),
        ];
        const told = [...first, ...again.filter((which) => first.includes(which))];
        await fixture.tell(fixture.installed(at(0)), ...told.flatMap((which) => signs[which] ?? []));
        const newest = (...those: readonly number[]) => Math.max(...those.filter((which) => first.includes(which)));
        const ofChannel = newest(0, 1, 2, 5);
        expect(rosters().at(-1)).toMatchObject({ state: newest(3, 4) === 3 ? 'archived' : 'active' });
        expect(channels().filter((row) => row['teams_id'] === channel.id)).toMatchObject(
          ofChannel < 0 ? [] : [{ state: ofChannel === 1 || ofChannel === 5 ? 'deleted' : 'active' }],
        );
        expect(rosters()).toHaveLength(index);
      }),
      { numRuns: 100, seed: 42 },
    );
  });
});

describe('one activity', () => {
  const kinds: readonly [string, () => InboundEvent, readonly string[]][] = [
    ['installed', () => fixture.installed(fixture.personal()), ['welcome']],
    ['message', () => fixture.wrote(fixture.personal()), ['welcome', 'help']],
    ['removed', () => fixture.removed(fixture.personal()), []],
  ];

  test.each(kinds)('of the kind %s told 50 times at once has one effect', async (_kind, event, said) => {
    const told = event();
    const results = await Promise.all(Array.from({ length: 50 }, () => fixture.inbound.record(told)));
    expect(results.filter((result) => result === 'new')).toHaveLength(1);
    expect(fixture.said()).toEqual(said);
    expect(fixture.installations()).toHaveLength(1);
  });

  test('is told from another of the same id in another chat', async () => {
    await fixture.tell(
      fixture.installed(fixture.personal({ index: 1, activityId: 'same' })),
      fixture.installed(fixture.personal({ index: 2, activityId: 'same' })),
    );
    expect(fixture.installations()).toHaveLength(2);
  });

  test('that could not be recorded has no effect, and takes effect when it comes again', async () => {
    const event = fixture.installed(fixture.personal());
    await fixture.queue.store.close();
    await expect(fixture.inbound.record(event)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(fixture.installations()).toEqual([]);
  });

  test('of a button that is answered in the turn has its effect once, and says so the second time', async () => {
    const action = { ...fixture.personal(), kind: 'action', verb: 'x', data: null } as const;
    const answers = [await fixture.inbound.answerAction(action), await fixture.inbound.answerAction(action)];
    expect(answers).toEqual([{ kind: 'retiredButton' }, { kind: 'sentence', answer: { kind: 'alreadyDone' } }]);
    expect(fixture.said()).toEqual(['welcome']);
  });
});

test('the answer to what a person wrote is marked as no notification, unlike the welcome', async () => {
  await fixture.tell(fixture.installed(fixture.personal({ at: 0 })), fixture.wrote(fixture.personal({ at: 10 })));
  expect(fixture.queue.deliveries()).toMatchObject([{ is_quiet: 0 }, { is_quiet: 1 }]);
});
