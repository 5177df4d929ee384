// Who presses a button in a team or group chat: what is known is not written again, and what is new is kept all the same.

import fc from 'fast-check';
import type { InboundContext, InboundEvent } from '../../../src/domain/inbound-event.ts';
import { InboundFixture } from '../../support/inbound-fixture.ts';

let fixture: InboundFixture;

beforeEach(async () => {
  fixture = await InboundFixture.create();
});

afterEach(() => fixture.dispose());

const NEWER_URL = 'https://smba.trafficmanager.net/amer/';
const THREAD = '19:team-1@thread.tacv2;messageid=1';

const rosters = () => fixture.queue.rows('SELECT * FROM roster ORDER BY id');
const members = () => fixture.queue.rows('SELECT * FROM roster_member ORDER BY roster_id, person_id');
const remembered = () => fixture.queue.rows('SELECT * FROM seen_activity').length;
const pressed = (context: InboundContext): InboundEvent => ({ ...context, kind: 'action', verb: 'x', data: null });
/** All that an activity in a place can change. */
const known = () => [fixture.installations(), fixture.conversations(), fixture.people(), rosters(), members()];

describe.each(['team', 'groupChat'] as const)('in a %s', (scope) => {
  const heard = (at: number, index = 1) => pressed(fixture[scope]({ index, at }));

  test('who is known leaves everything as it is', async () => {
    await fixture.tell(fixture.installed(fixture[scope]()), heard(1));
    const before = known();
    fixture.queue.clock.advance(1_000);
    await fixture.tell(heard(20));
    expect(known()).toEqual(before);
    expect(remembered()).toBe(3);
  });

  test('the newest sign decides, in whatever order and however often they are told', async () => {
    let index = 0;
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(orders, orders, async (first, again) => {
        index += 1;
        const signs: readonly InboundEvent[] = [
          heard(5, index),
          fixture.removed(fixture[scope]({ index, at: 10 })),
          fixture.installed(fixture[scope]({ index, at: 12 }), false),
          heard(15, index),
          heard(16, index),
          fixture.removed(fixture[scope]({ index, at: 20 })),
          heard(25, index),
        ];
        const told = [...first, ...again.filter((which) => first.includes(which))];
        await fixture.tell(
          fixture.installed(fixture[scope]({ index, at: 0 })),
          ...told.flatMap((which) => signs[which] ?? []),
        );
        const isRemoved = [1, 5].includes(Math.max(...first));
        expect(fixture.installations().at(-1)).toMatchObject({ state: isRemoved ? 'removed' : 'active' });
        expect(rosters()).toHaveLength(isRemoved ? 0 : 1);
        expect(members()).toHaveLength(isRemoved ? 0 : 1);
        await fixture.tell(fixture.removed(fixture[scope]({ index, at: 99 })));
      }),
      { numRuns: 150, seed: 42 },
    );
  });
});

describe('what is new is kept', () => {
  const later = (parts: Parameters<InboundFixture['team']>[0] = {}) => fixture.team({ at: 20, ...parts });
  const inThread = (): InboundEvent => ({ ...pressed(later()), threadId: THREAD });

  beforeEach(() => fixture.tell(fixture.installed(fixture.team()), pressed(fixture.team({ at: 1 }))));

  test('where the place is reached', async () => {
    await fixture.tell(pressed(later({ serviceUrl: NEWER_URL })));
    expect(fixture.conversations()).toMatchObject([{ service_url: NEWER_URL }, { kind: 'personal' }]);
  });

  test('what it is called', async () => {
    const { team, ...event } = pressed(later());
    const renamed = { ...event, team: { id: team?.id ?? '', name: 'Renamed', aadGroupId: 'group-1' } };
    await fixture.tell(renamed);
    expect(rosters()).toMatchObject([{ name: 'Renamed', aad_group_id: 'group-1' }]);
  });

  test('a thread that nobody has spoken in, and that it is reached otherwise now', async () => {
    await fixture.tell(inThread());
    expect(fixture.conversations().at(-1)).toMatchObject({ kind: 'channel', teams_conversation_id: THREAD });
    const moved = inThread();
    await fixture.tell({ ...moved, conversation: { ...moved.conversation, serviceUrl: NEWER_URL } });
    expect(fixture.conversations().at(-1)).toMatchObject({ teams_conversation_id: THREAD, service_url: NEWER_URL });
  });

  test('what somebody is called, and where they are', async () => {
    await fixture.tell(pressed(later({ profile: { name: 'Ana', timeZone: 'Europe/Paris' } })));
    expect(fixture.people()).toMatchObject([{ name: 'Ana', time_zone: 'Europe/Paris' }]);
    await fixture.tell(pressed(later({ at: 21, profile: { locale: 'fr-FR' } })));
    expect(fixture.people()).toMatchObject([{ name: 'Ana', time_zone: 'Europe/Paris', locale: 'fr-FR' }]);
  });

  test('that somebody is there, whatever the reading under way has seen of them', async () => {
    const { store, clock } = fixture.queue;
    const reading = await store.write((tx) => tx.rosters.claim(clock.nowMs(), clock.nowMs() + 60_000));
    expect(members()).toMatchObject([{ reading: Number(reading?.reading) - 1 }]);
    await fixture.tell(pressed(later()));
    expect(members()).toMatchObject([{ reading: reading?.reading }]);
  });

  test('that the app works again where Teams had refused a message', async () => {
    await fixture.queue.store.write((tx) => tx.installations.setLost(1, 'unreachable', 'blocked_by_user'));
    await fixture.tell(pressed(later()));
    expect(fixture.installations()).toMatchObject([{ state: 'active', reason: null }]);
  });

  test('somebody who has no object id', async () => {
    const { aadObjectId: _, ...from } = later({ index: 2 }).from ?? { tenantId: '' };
    await fixture.tell({ ...pressed(later()), from });
    expect(fixture.people()).toMatchObject([{ id: 1 }, { teams_user_id: '29:pairwise-2' }]);
  });
});

describe('a client that asks by itself for a card', () => {
  const asks = (index = 1, at = 20) =>
    ({
      ...fixture.team({ at }),
      from: fixture.team({ index }).from ?? { tenantId: '' },
      kind: 'action',
      verb: 'bellhop',
      data: { bellhop: 'refreshPoll', poll: 'pol_00000000000000000000000001' },
    }) as const;
  const NOT_YOURS = { kind: 'sentence', answer: { kind: 'notYours' } };

  beforeEach(() => fixture.tell(fixture.installed(fixture.team()), fixture.wrote(fixture.team({ at: 1 }))));

  test('is answered as often as it asks, and nothing is written', async () => {
    const [before, count] = [known(), remembered()];
    const event = asks();
    expect(await fixture.inbound.answerAction(event)).toEqual(NOT_YOURS);
    expect(await fixture.inbound.answerAction(event)).toEqual(NOT_YOURS);
    expect(known()).toEqual(before);
    expect(remembered()).toBe(count);
  });

  test('makes somebody known who was not', async () => {
    expect(await fixture.inbound.answerAction(asks(2))).toEqual(NOT_YOURS);
    expect(fixture.people()).toHaveLength(2);
    expect(members()).toHaveLength(2);
  });
});
