// What holds deliveries back: a 429 and its scope, a token that cannot be had.

import fc from 'fast-check';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { inTurn, type SenderRequest, succeed } from '../../support/scripted-sender.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';

const throttled = (retryAfterMs: number, scope: 'conversation' | 'lane' = 'conversation'): Outcome => ({
  kind: 'throttled',
  reason: 'throttled',
  scope,
  retryAfterMs,
});

describe('deliveries', () => {
  let fixture: DeliveryFixture;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
  });

  afterEach(() => fixture.dispose());

  /** With slots one after the other, so that most wait for theirs when the first request is answered. */
  const installMany = async (count: number) => {
    const people = [];
    for (let index = 0; index < count; index++) {
      people.push(await fixture.install(index, { intervalUs: 25_000 }));
    }
    return people;
  };

  test('throttled in one chat hold back that chat only, in its order', async () => {
    fixture.sender.script = inTurn(throttled(30_000));
    const [busy, free] = [await fixture.install(1), await fixture.install(2)];
    for (const to of [busy, busy, free]) {
      await fixture.queue([to]);
    }
    await fixture.createDispatcher().start();
    await fixture.untilStates('queued', 'queued', 'sent');
    await fixture.pass(29_999, 250);
    expect(fixture.states()).toEqual(['queued', 'queued', 'sent']);
    await fixture.passToStates('sent', 'sent', 'sent');
    expect(fixture.sender.posts.map((post) => post.place)).toEqual(['a:11111', 'a:11112', 'a:11111', 'a:11111']);
  });

  test('throttled for a whole tenant hold back that tenant only', async () => {
    fixture.sender.script = inTurn(throttled(30_000, 'lane'));
    const busy = [await fixture.install(1), await fixture.install(2)];
    const other = await fixture.install(3, { tenantId: OTHER_TENANT });
    await fixture.queue(busy.slice(0, 1));
    await fixture.createDispatcher().start();
    await fixture.untilAttempts(1);
    await fixture.queue([...busy.slice(1), other]);
    await fixture.untilStates('queued', 'queued', 'sent');
    await fixture.pass(29_999, 250);
    expect(fixture.states()).toEqual(['queued', 'queued', 'sent']);
    await fixture.passToStates('sent', 'sent', 'sent');
  });

  test('that hold a slot already go out no more once their lane is throttled, and lose nothing by it', async () => {
    fixture.sender.script = inTurn(throttled(30_000, 'lane'));
    const people = await installMany(10);
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    await fixture.pass(29_950);
    expect(fixture.sender.requests).toHaveLength(1);
    await fixture.pass(3_000);
    expect(fixture.states()).toEqual(people.map(() => 'sent'));
    expect(fixture.sender.requests).toHaveLength(11);
    expect(fixture.deliveries().map((row) => row['failures'])).toEqual(people.map(() => 0));
    expect(fixture.attempts().map((row) => row['outcome'])).toEqual(['throttled', ...people.map(() => 'delivered')]);
  });

  test('that hold a slot already go out no more once another process has met the 429', async () => {
    const people = await installMany(10);
    fixture.sender.script = async (request) => {
      if (fixture.sender.requests.length === 1) {
        const [{ laneId = 0 } = {}] = people;
        await fixture.openBeside().write((tx) => tx.lanes.pause(laneId, request.atMs, 30_000));
      }
      return succeed(request);
    };
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    await fixture.pass(29_950);
    expect(fixture.sender.requests).toHaveLength(1);
    await fixture.pass(3_000);
    expect(fixture.states()).toEqual(people.map(() => 'sent'));
    expect(fixture.attempts().map((row) => row['outcome'])).toEqual(people.map(() => 'delivered'));
  });

  test('never go out again before the Retry-After of their 429', async () => {
    const first = new Map<string, { readonly atMs: number; readonly retryAfterMs: number }>();
    const early: SenderRequest[] = [];
    const waits = fc.sample(fc.integer({ min: 1, max: 20_000 }), { numRuns: 200, seed: 1 });
    fixture.sender.script = (request) => {
      const before = first.get(request.place);
      if (!before) {
        const retryAfterMs = waits.pop() ?? 1;
        first.set(request.place, { atMs: request.atMs, retryAfterMs });
        return throttled(retryAfterMs);
      }
      if (request.atMs < before.atMs + before.retryAfterMs) {
        early.push(request);
      }
      return succeed(request);
    };
    const people = [];
    for (let index = 0; index < 200; index++) {
      people.push(await fixture.install(index));
    }
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    await fixture.passToStates(...people.map(() => 'sent'));
    expect(early).toEqual([]);
    expect(fixture.sender.requests).toHaveLength(400);
  });

  test('use up no failure and no attempt too many while they are throttled', async () => {
    fixture.sender.script = inTurn(...Array.from({ length: 20 }, () => throttled(1_000)));
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher().start();
    await fixture.passToStates('sent');
    expect(fixture.deliveries()[0]).toMatchObject({ failures: 0, attempts: 21 });
  });

  test('wait without using up attempts while no token can be had, and go on by themselves', async () => {
    let hasToken = false;
    let questions = 0;
    fixture.sender.prepare = async () => {
      questions += 1;
      if (!hasToken) {
        throw new AppError('token_unavailable', 'no token', { retryAfterMs: 2_000 });
      }
    };
    await fixture.queue([await fixture.install(1), await fixture.install(2)]);
    await fixture.createDispatcher().start();
    await fixture.pass(20_000);
    expect(fixture.deliveries()).toMatchObject([
      { state: 'queued', attempts: 0, failures: 0 },
      { state: 'queued', attempts: 0, failures: 0 },
    ]);
    expect(questions).toBeLessThanOrEqual(11);
    hasToken = true;
    await fixture.pass(2_000);
    expect(fixture.states()).toEqual(['sent', 'sent']);
    expect(fixture.attempts()).toHaveLength(2);
  });
});
