// Reading who is in a team: at its pace, whatever Teams answers, and whoever is in it.

import { randomBytes } from 'node:crypto';
import { RosterReader } from '../../../src/installations/read-rosters.ts';
import { nextNightMs } from '../../../src/installations/write-roster.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { InboundFixture } from '../../support/inbound-fixture.ts';
import { member, ScriptedRoster } from '../../support/scripted-roster.ts';

let fixture: InboundFixture;
let roster: ScriptedRoster;
const readers: RosterReader[] = [];

beforeEach(async () => {
  fixture = await InboundFixture.create();
  roster = new ScriptedRoster();
  roster.members = [member(1), member(2)];
});

afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.stop()));
  await fixture.dispose();
});

const startReader = () => {
  const { store, clock, producerId } = fixture.queue;
  const parts = { voice: { producerId, randomBytes }, random: () => 0.5, welcomesMembers: false };
  const reader = new RosterReader({ store, clock, roster, logger: silentLogger, ...parts });
  readers.push(reader);
  reader.start();
};

const pass = (ms: number) => fixture.queue.pass(ms, 250);
const rosters = () => fixture.queue.rows('SELECT * FROM roster ORDER BY id');
const people = () => fixture.queue.rows('SELECT * FROM person ORDER BY id');
const greetings = () => fixture.said().filter((kind) => kind === 'placeWelcome').length;

/** The next instant at which everything is read anyway. */
const passNight = async () => {
  fixture.queue.clock.advance(24 * 3_600_000);
  await pass(1_000);
};

describe('a question about a team', () => {
  test('that is throttled holds back its whole lane, and uses up no attempt', async () => {
    roster.answer = () => (roster.questions.length === 1 ? { kind: 'throttled', retryAfterMs: 30_000 } : undefined);
    startReader();
    await fixture.tell(fixture.installed(fixture.team()));
    await pass(1_000);
    const [lane] = fixture.queue.rows('SELECT blocked_until_ms FROM lane');
    expect(Number(lane?.['blocked_until_ms'])).toBeGreaterThan(fixture.queue.clock.nowMs() + 28_000);
    expect(rosters()).toMatchObject([{ attempts: 0, read_at_ms: null }]);
    await pass(28_000);
    expect(roster.questions).toHaveLength(1);
    await pass(8_000);
    expect(people()).toHaveLength(2);
  });

  test('that is answered "later" is asked again after the Retry-After, and given up until the night after ten times', async () => {
    roster.answer = () => ({ kind: 'later', retryAfterMs: 1_000 });
    startReader();
    await fixture.tell(fixture.installed(fixture.team()));
    await pass(600_000);
    expect(roster.questions).toHaveLength(10);
    expect(rosters()).toMatchObject([{ continuation: null, due_at_ms: Date.UTC(2026, 0, 1, 3) }]);
  });

  test('that is not ours is not asked again until something happens there', async () => {
    roster.answer = () => ({ kind: 'absent' });
    startReader();
    await fixture.tell(fixture.installed(fixture.team()));
    await pass(1_000);
    await passNight();
    expect(roster.questions).toHaveLength(1);
    roster.answer = () => undefined;
    await fixture.tell({ ...fixture.team({ at: 5 }), kind: 'place', change: 'teamRenamed' });
    await pass(11_000);
    expect(people()).toHaveLength(2);
  });

  test('waits for a send slot of its lane', async () => {
    await fixture.tell(fixture.installed(fixture.team()));
    const { store, clock } = fixture.queue;
    await store.write((tx) => tx.lanes.block(1, clock.nowMs() + 60_000));
    startReader();
    await pass(59_000);
    expect(roster.questions).toEqual([]);
    expect(rosters()).toMatchObject([{ attempts: 0 }]);
    await pass(10_000);
    expect(people()).toHaveLength(2);
  });
});

describe('the greeting', () => {
  const ofSize = (size: number) => Array.from({ length: size }, (_, index) => member(index + 1));

  test.each([
    [100, 1],
    [101, 0],
  ])('of a team of %d people is posted %d times', async (size, times) => {
    roster.members = ofSize(size);
    startReader();
    await fixture.tell(fixture.installed(fixture.team()), fixture.installed(fixture.team({ at: 1 }), false));
    await pass(1_000);
    await passNight();
    expect(greetings()).toBe(times);
    expect(rosters()).toMatchObject([{ greeting_conversation_id: null }]);
  });

  test('goes to the channel that was selected, and comes again when the bot comes again', async () => {
    const selectedChannelId = '19:incidents@thread.tacv2';
    startReader();
    await fixture.tell({ ...fixture.team(), kind: 'installed', isAuthoritative: true, selectedChannelId });
    await pass(1_000);
    const places = () =>
      fixture.queue.rows(
        `SELECT c.teams_conversation_id AS id FROM delivery d JOIN conversation c ON c.id = d.conversation_id`,
      );
    expect(places()).toEqual([{ id: selectedChannelId }]);
    await fixture.tell(fixture.removed(fixture.team({ at: 5 })), fixture.installed(fixture.team({ at: 10 })));
    await pass(1_000);
    expect(greetings()).toBe(2);
  });

  test('of a group chat waits until its people are counted', async () => {
    startReader();
    await fixture.tell(fixture.installed(fixture.groupChat()));
    await pass(1_000);
    expect(roster.questions).toMatchObject([{ kind: 'members' }]);
    expect(rosters()).toMatchObject([{ member_count: 2 }]);
    expect(greetings()).toBe(1);
  });
});

describe('people in a roster', () => {
  const read = async () => {
    startReader();
    await fixture.tell(fixture.installed(fixture.team()));
    await pass(1_000);
  };

  test('without an object id are known by their pairwise id, and are the same once they have one', async () => {
    const { profile } = member(2);
    const { aadObjectId: _, ...anonymous } = profile;
    roster.members = [member(1), { profile: anonymous, role: 'anonymous' }];
    await read();
    expect(people()).toMatchObject([{ id: 1 }, { id: 2, aad_object_id: null, teams_user_id: '29:pairwise-2' }]);
    roster.members = [member(1), member(2)];
    await passNight();
    expect(people()).toMatchObject([{ id: 1 }, { id: 2, aad_object_id: profile.aadObjectId }]);
  });

  test('who are named twice, or under the pairwise id of somebody else, do no harm', async () => {
    const stolen = { ...member(3), profile: { ...member(3).profile, teamsUserId: '29:pairwise-2' } };
    roster.members = [member(1), member(2), member(2)];
    await read();
    roster.members = [member(1), member(2), stolen];
    await passNight();
    expect(people()).toHaveLength(2);
    roster.members = [member(1), stolen];
    await passNight();
    expect(people().map((row) => row['aad_object_id'])).toContain(member(3).profile.aadObjectId);
  });

  test('who leave while it is read are looked for once more', async () => {
    roster.pageSize = 1;
    roster.answer = ({ continuation }) => {
      if (continuation === '1') {
        const left = [member(1).profile];
        return fixture
          .tell({ ...fixture.team({ at: 5 }), kind: 'members', added: [], left })
          .then(() => undefined as never);
      }
      return undefined;
    };
    await read();
    expect(roster.count('team')).toBe(1);
    roster.answer = () => undefined;
    roster.members = [member(2)];
    await pass(11_000);
    expect(roster.count('team')).toBe(2);
    expect(people()).toMatchObject([{ aad_object_id: member(2).profile.aadObjectId }]);
  });

  test('who have not installed the app are refused by Teams once, and welcomed when they install it', async () => {
    await read();
    const [chat] = fixture.queue.rows(`SELECT id, lane_id, person_id FROM conversation WHERE kind = 'personal'`);
    const ana = { conversationId: Number(chat?.['id']), laneId: Number(chat?.['lane_id']) };
    const person = { ...ana, personId: Number(chat?.['person_id']), email: 'person1@contoso.com', aadObjectId: '' };
    fixture.queue.sender.script = ({ operation }) =>
      operation === 'create_conversation'
        ? { kind: 'gone', reason: 'not_in_roster', isUninstalled: true }
        : { kind: 'delivered', activityId: '1' };
    await fixture.queue.createDispatcher().start();
    await fixture.queue.queue([person]);
    await pass(1_000);
    const address = { kind: 'address', address: 'person1@contoso.com' } as const;
    expect(await fixture.queue.store.read.people.findReachable(address)).toMatchObject([
      { installation: 'unreachable', conversationRowId: ana.conversationId },
    ]);
    expect(fixture.queue.rows(`SELECT reason FROM delivery WHERE state = 'failed'`)).toEqual([
      { reason: 'not_in_roster' },
    ]);
    await fixture.tell(fixture.installed(fixture.personal({ at: 10 })));
    expect(fixture.said()).toContain('welcome');
    expect(await fixture.queue.store.read.people.findReachable(address)).toMatchObject([{ installation: 'active' }]);
  });
});

test('the night begins at one and ends at five, and never in the past', () => {
  const day = Date.UTC(2026, 0, 1);
  const hour = 3_600_000;
  expect(nextNightMs(day + hour / 2, 0)).toBe(day + hour);
  expect(nextNightMs(day + hour, 0)).toBe(day + 25 * hour);
  expect(nextNightMs(day + 23 * hour, 0.5)).toBe(day + 27 * hour);
});
