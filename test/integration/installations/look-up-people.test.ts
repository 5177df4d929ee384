// Who somebody is, asked of the roster: once, in the background, whatever happens meanwhile.

import { AppError } from '../../../src/domain/errors.ts';
import { type LookUpDeps, PeopleLookUp } from '../../../src/installations/look-up-people.ts';
import type { MemberAnswer, MemberQuery, Roster } from '../../../src/installations/roster.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { InboundFixture } from '../../support/inbound-fixture.ts';
import { SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { eventually, settled } from '../../support/waiting.ts';

const FOUND: MemberAnswer = {
  kind: 'found',
  profile: { tenantId: TENANT, name: 'Ana', email: 'ana@contoso.com', userPrincipalName: 'ana.upn@contoso.com' },
};

let fixture: InboundFixture;
let questions: MemberQuery[];
let answer: (query: MemberQuery, signal: AbortSignal) => MemberAnswer | Promise<MemberAnswer>;
const workers: PeopleLookUp[] = [];

beforeEach(async () => {
  fixture = await InboundFixture.create();
  questions = [];
  answer = () => FOUND;
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await fixture.dispose();
});

const startWorker = (parts: Partial<LookUpDeps> = {}) => {
  const roster: Pick<Roster, 'findMember'> = {
    async findMember(query, signal) {
      questions.push(query);
      return answer(query, signal);
    },
  };
  const { store, clock } = fixture.queue;
  const worker = new PeopleLookUp({ store, roster, clock, logger: silentLogger, random: () => 0.5, ...parts });
  workers.push(worker);
  worker.start();
  return worker;
};

const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve));

const isAddressable = async (address: string) =>
  (await fixture.queue.store.read.people.findReachable({ kind: 'address', address })).length === 1;

const pass = (ms: number) => fixture.queue.pass(ms, 250);

describe('a person who installed the bot', () => {
  test('is asked about at once, and can be addressed by mail and UPN', async () => {
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal()));
    await eventually(() => isAddressable('ana@contoso.com'), 'the address is known');
    expect(await isAddressable('ana.upn@contoso.com')).toBe(true);
    expect(questions).toMatchObject([
      { tenantId: TENANT, serviceUrl: SERVICE_URL, conversationId: 'a:chat-1', memberId: '29:pairwise-1' },
    ]);
  });

  test.each<[string, MemberAnswer]>([
    ['found', FOUND],
    ['absent', { kind: 'absent' }],
  ])('is asked about once when the answer is "%s"', async (_kind, given) => {
    answer = () => given;
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal({ at: 0 })), fixture.wrote(fixture.personal({ at: 10 })));
    await pass(120_000);
    expect(questions).toHaveLength(1);
  });

  test('is asked about again after each new installation', async () => {
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal({ at: 0 })));
    await eventually(() => questions.length === 1, 'the first question was asked');
    await settled();
    await fixture.tell(fixture.removed(fixture.personal({ at: 10 })), fixture.installed(fixture.personal({ at: 20 })));
    await eventually(() => isAddressable('ana@contoso.com'), 'the address is known again');
    expect(questions).toHaveLength(2);
  });

  test('is not asked about before the Retry-After of "later" is over', async () => {
    answer = () => (questions.length === 1 ? { kind: 'later', retryAfterMs: 30_000 } : FOUND);
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal()));
    await pass(29_750);
    expect(questions).toHaveLength(1);
    await pass(6_000);
    expect(questions).toHaveLength(2);
    expect(await isAddressable('ana@contoso.com')).toBe(true);
  });

  test('is given up after ten times "later"', async () => {
    answer = () => ({ kind: 'later', retryAfterMs: 1_000 });
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal()));
    await pass(600_000);
    expect(questions).toHaveLength(10);
    expect(fixture.people()).toMatchObject([{ lookup_due_at_ms: null }]);
  });

  test('waits for nobody else: others are asked about although one answer is "later"', async () => {
    answer = (query) => (query.memberId === '29:pairwise-1' ? { kind: 'later', retryAfterMs: 60_000 } : FOUND);
    startWorker();
    await fixture.tell(
      fixture.installed(fixture.personal({ index: 1 })),
      fixture.installed(fixture.personal({ index: 2 })),
    );
    await eventually(() => isAddressable('ana@contoso.com'), 'the other is known');
  });

  test('is asked about by the next process when the first one died with the question', async () => {
    answer = (_query, signal) => aborted(signal).then(() => ({ kind: 'later' }));
    startWorker({ store: fixture.queue.openBeside() });
    await fixture.tell(fixture.installed(fixture.personal()));
    await pass(5_000);
    expect(questions).toHaveLength(1);
    answer = () => FOUND;
    startWorker();
    await pass(50_000);
    expect(questions).toHaveLength(1);
    await pass(15_000);
    expect(questions).toHaveLength(2);
    expect(await isAddressable('ana@contoso.com')).toBe(true);
  });
});

describe('a person who is gone when the answer comes', () => {
  const askSlowly = async () => {
    const gate = Promise.withResolvers<MemberAnswer>();
    answer = () => gate.promise;
    startWorker();
    await fixture.tell(fixture.installed(fixture.personal({ index: 1 })));
    await eventually(() => questions.length === 1, 'the question is under way');
    await fixture.tell(fixture.removed(fixture.personal({ index: 1, at: 10 })));
    return gate;
  };

  test('stays erased', async () => {
    const gate = await askSlowly();
    gate.resolve(FOUND);
    await settled();
    expect(fixture.people()).toEqual([]);
    expect(await isAddressable('ana@contoso.com')).toBe(false);
  });

  test.each<[string, MemberAnswer]>([
    ['found', FOUND],
    ['absent', { kind: 'absent' }],
    ['later', { kind: 'later', retryAfterMs: 3_600_000 }],
  ])('is not mixed up with somebody who came meanwhile, when the answer is "%s"', async (_kind, given) => {
    const gate = await askSlowly();
    await fixture.tell(fixture.installed(fixture.personal({ index: 2, at: 20 })));
    answer = () => ({ kind: 'absent' });
    gate.resolve(given);
    await eventually(() => questions.length === 2, 'the newcomer is asked about');
    await settled();
    expect(questions[1]).toMatchObject({ memberId: '29:pairwise-2' });
    expect(fixture.people()).toMatchObject([
      { aad_object_id: '0a0a0a0a-0000-4000-8000-000000000002', teams_user_id: '29:pairwise-2', email: null },
    ]);
  });
});

describe('a worker', () => {
  test('that is stopped ends the question under way, and the person is asked about after the restart', async () => {
    let isAborted = false;
    answer = async (_query, signal) => {
      await aborted(signal);
      isAborted = true;
      return { kind: 'later' };
    };
    const worker = startWorker();
    await fixture.tell(fixture.installed(fixture.personal()));
    await eventually(() => questions.length === 1, 'the question is under way');
    await worker.stop();
    expect(isAborted).toBe(true);
    expect(fixture.queue.clock.pendingTimers).toBe(0);
    answer = () => FOUND;
    startWorker();
    await pass(10_000);
    expect(await isAddressable('ana@contoso.com')).toBe(true);
  });

  test('can be stopped twice, and asks nothing afterwards', async () => {
    const worker = startWorker();
    await Promise.all([worker.stop(), worker.stop()]);
    await fixture.tell(fixture.installed(fixture.personal()));
    await pass(10_000);
    expect(questions).toEqual([]);
    expect(fixture.queue.clock.pendingTimers).toBe(0);
  });

  test('goes on after the store failed', async () => {
    const { store } = fixture.queue;
    let isDown = true;
    const fragile = storeWithWrite(store, (work) =>
      isDown ? Promise.reject(new AppError('store_unavailable', 'down')) : store.write(work),
    );
    startWorker({ store: fragile });
    await fixture.tell(fixture.installed(fixture.personal()));
    await pass(6_000);
    expect(questions).toEqual([]);
    isDown = false;
    await pass(6_000);
    expect(await isAddressable('ana@contoso.com')).toBe(true);
  });
});

describe('a question to the roster', () => {
  const laneId = () => Number(fixture.queue.rows('SELECT id FROM lane')[0]?.['id']);

  test('spends a send slot of its lane', async () => {
    await fixture.tell(fixture.installed(fixture.personal()));
    const { store, clock } = fixture.queue;
    const nowMs = clock.nowMs();
    const wish = { laneId: laneId(), nowMs, earliestMs: nowMs + 400, latestMs: nowMs + 400 };
    await store.write((tx) => tx.queue.reserveSlot(wish));
    startWorker();
    await settled();
    expect(questions).toEqual([]);
    await fixture.queue.pass(400, 50);
    expect(questions).toHaveLength(1);
    expect(Number(fixture.queue.rows('SELECT next_slot_us FROM lane')[0]?.['next_slot_us'])).toBeGreaterThanOrEqual(
      (nowMs + 400) * 1_000,
    );
  });

  test('is put off without using up an attempt while the lane is held back or has no slot within a second', async () => {
    await fixture.tell(fixture.installed(fixture.personal()));
    const { store, clock } = fixture.queue;
    await store.write((tx) => tx.lanes.block(laneId(), clock.nowMs() + 60_000));
    startWorker();
    await pass(59_000);
    expect(questions).toEqual([]);
    expect(fixture.queue.rows('SELECT lookup_attempts FROM person')).toMatchObject([{ lookup_attempts: 0 }]);
    await pass(10_000);
    expect(questions).toHaveLength(1);
  });

  test('that is throttled holds back its whole lane for the Retry-After, and uses up no attempt', async () => {
    answer = () => (questions.length === 1 ? { kind: 'throttled', retryAfterMs: 30_000 } : FOUND);
    await fixture.tell(fixture.installed(fixture.personal()));
    const { clock } = fixture.queue;
    const askedAtMs = clock.nowMs();
    startWorker();
    await eventually(() => questions.length === 1, 'the question was asked');
    await settled();
    expect(fixture.queue.rows('SELECT blocked_until_ms, slow_until_ms FROM lane')).toEqual([
      { blocked_until_ms: askedAtMs + 30_000, slow_until_ms: askedAtMs + 30_000 },
    ]);
    expect(fixture.queue.rows('SELECT lookup_attempts FROM person')).toEqual([{ lookup_attempts: 0 }]);
    await pass(29_750);
    expect(questions).toHaveLength(1);
    await pass(6_000);
    expect(await isAddressable('ana@contoso.com')).toBe(true);
  });

  test('that is throttled without a Retry-After holds back its lane for a second', async () => {
    answer = () => ({ kind: 'throttled' });
    await fixture.tell(fixture.installed(fixture.personal()));
    const askedAtMs = fixture.queue.clock.nowMs();
    startWorker();
    await eventually(() => questions.length === 1, 'the question was asked');
    await settled();
    expect(fixture.queue.rows('SELECT blocked_until_ms FROM lane')).toEqual([{ blocked_until_ms: askedAtMs + 1_000 }]);
  });

  test('is not asked when its lane is held back while it waits for its slot', async () => {
    await fixture.tell(fixture.installed(fixture.personal()));
    const { store, clock } = fixture.queue;
    const nowMs = clock.nowMs();
    await store.write((tx) =>
      tx.queue.reserveSlot({ laneId: laneId(), nowMs, earliestMs: nowMs + 900, latestMs: nowMs + 900 }),
    );
    startWorker();
    await settled();
    await store.write((tx) => tx.lanes.pause(laneId(), nowMs, 30_000));
    await pass(29_000);
    expect(questions).toEqual([]);
    await pass(10_000);
    expect(questions).toHaveLength(1);
  });

  test('that waits for its slot ends with the worker, and leaves no timer', async () => {
    await fixture.tell(fixture.installed(fixture.personal()));
    const { store, clock } = fixture.queue;
    const nowMs = clock.nowMs();
    const wish = { laneId: laneId(), nowMs, earliestMs: nowMs + 900, latestMs: nowMs + 900 };
    await store.write((tx) => tx.queue.reserveSlot(wish));
    const worker = startWorker();
    await settled();
    await worker.stop();
    expect(questions).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});
