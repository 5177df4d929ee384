// One notification for each idempotency key, however often it is asked for.

import fc from 'fast-check';
import { type Notifications, openNotifications } from './accept-fixture.ts';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
  await notifications.install(1);
  await notifications.install(2);
});

afterEach(() => notifications.close());

const ANA = { to: 'person1@contoso.com' };
const BOB = { to: 'person2@contoso.com' };
const NOBODY = { to: 'nobody@contoso.com' };

const countOfNotifications = () => notifications.readRows('SELECT count(*) AS rows FROM notification')[0]?.['rows'];

test('the same request with the same key is answered the same, and stored once', async () => {
  const first = await notifications.ask(ANA, { idempotencyKey: 'k' });
  notifications.clock.advance(3_600_000);
  const second = await notifications.ask(ANA, { idempotencyKey: 'k' });
  expect(second).toEqual({ answer: first.answer, isReplay: true });
  expect(countOfNotifications()).toBe(1);
});

test('the first answer is given again though the person could not be reached any more', async () => {
  const to = ['person1@contoso.com', 'nobody@contoso.com'];
  const first = await notifications.ask({ to }, { idempotencyKey: 'k' });
  notifications.runSql(`UPDATE installation SET state = 'removed'`);
  expect((await notifications.ask({ to }, { idempotencyKey: 'k' })).answer).toEqual(first.answer);
});

test('a replay wakes nobody', async () => {
  await notifications.ask(ANA, { idempotencyKey: 'k' });
  let wakes = 0;
  const cancel = notifications.store.onWork(() => {
    wakes += 1;
  });
  await notifications.ask(ANA, { idempotencyKey: 'k' });
  cancel();
  expect(wakes).toBe(0);
});

test('the same key with other bytes is refused, even when they mean the same', async () => {
  await notifications.ask(ANA, { idempotencyKey: 'k', body: '{"a":1}' });
  const others = [notifications.ask(BOB, { idempotencyKey: 'k' })];
  others.push(notifications.ask(ANA, { idempotencyKey: 'k', body: '{ "a":1}' }));
  for (const other of others) {
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  }
  expect(countOfNotifications()).toBe(1);
});

test('without a key every request is a notification of its own', async () => {
  const [one, other] = [await notifications.ask(ANA), await notifications.ask(ANA)];
  expect(one.answer.id).not.toBe(other.answer.id);
  expect(countOfNotifications()).toBe(2);
});

test('a hundred equal requests at once are one notification', async () => {
  const results = await Promise.all(Array.from({ length: 100 }, () => notifications.ask(ANA, { idempotencyKey: 'k' })));
  expect(new Set(results.map(({ answer }) => answer.id)).size).toBe(1);
  expect(results.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  expect(notifications.readRows('SELECT id FROM delivery')).toHaveLength(1);
  expect(countOfNotifications()).toBe(1);
});

test('of a hundred different requests at once with one key, one is accepted', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, at) => notifications.ask({ ...ANA, title: `t${at}` }, { idempotencyKey: 'k' })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(countOfNotifications()).toBe(1);
});

test('keys of two producers never meet', async () => {
  const billing = await notifications.addProducer('billing');
  const one = await notifications.ask(ANA, { idempotencyKey: 'k' });
  const other = await notifications.ask(BOB, { idempotencyKey: 'k', producerId: billing });
  expect(other.isReplay).toBe(false);
  expect(other.answer.id).not.toBe(one.answer.id);
});

test('a key whose request was refused is free', async () => {
  await expect(notifications.ask(NOBODY, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'no_recipient' });
  expect((await notifications.ask(ANA, { idempotencyKey: 'k' })).isReplay).toBe(false);
});

interface Request {
  readonly producer: number;
  readonly key: string | undefined;
  readonly to: typeof ANA;
}

const request: fc.Arbitrary<Request> = fc.record({
  producer: fc.nat(1),
  key: fc.constantFrom('a', 'b', undefined),
  to: fc.constantFrom(ANA, BOB, NOBODY),
});

const step: fc.Arbitrary<'reopen' | Request> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
  { weight: 12, arbitrary: request },
);

/** What has to come of each request: the rules in their shortest form. */
function createReference() {
  const used = new Map<string, { to: typeof ANA; id: string }>();
  return {
    expect({ producer, key, to }: Request) {
      const earlier = key === undefined ? undefined : used.get(`${producer} ${key}`);
      if (earlier) {
        return earlier.to === to ? earlier.id : 'idempotency_key_reused';
      }
      return to === NOBODY ? 'no_recipient' : 'new';
    },
    remember({ producer, key, to }: Request, id: string) {
      if (key !== undefined) {
        used.set(`${producer} ${key}`, { to, id });
      }
    },
  };
}

test('any sequence of requests and restarts ends as the rules say', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      round += 1;
      const producers = [await notifications.addProducer(`p${round}`), await notifications.addProducer(`q${round}`)];
      const reference = createReference();
      const known = new Set<string>();
      for (const one of steps) {
        if (one === 'reopen') {
          await notifications.reopen();
          continue;
        }
        const asking = { producerId: producers[one.producer] ?? 0, ...(one.key && { idempotencyKey: one.key }) };
        const expected = reference.expect(one);
        const came = await notifications.ask(one.to, asking).then(
          ({ answer }) => answer.id,
          ({ code }) => code,
        );
        if (expected === 'new') {
          expect(known.has(came)).toBe(false);
          expect(came).toMatch(/^ntf_/);
          known.add(came);
          reference.remember(one, came);
        } else {
          expect(came).toBe(expected);
        }
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** Sequences that run at the same time, so that what they write shares commits. */
const AT_ONCE = 200;
const SEQUENCES = 10_000;

test('any short sequence ends as the rules say, whatever others are asked for at the same time', async () => {
  const producers = [await notifications.addProducer('p'), await notifications.addProducer('q')];
  const requests = fc.array(request, { minLength: 1, maxLength: 3 });
  /** With keys of its own. @returns what came otherwise than it had to */
  const play = async (steps: readonly Request[], name: number) => {
    const reference = createReference();
    const faults: string[] = [];
    for (const one of steps) {
      const idempotencyKey = one.key && `${name} ${one.key}`;
      const asking = { producerId: producers[one.producer] ?? 0, ...(idempotencyKey && { idempotencyKey }) };
      const expected = reference.expect(one);
      const came = await notifications.ask(one.to, asking).then(
        ({ answer }) => answer.id,
        ({ code }) => String(code),
      );
      if (expected === 'new') {
        reference.remember(one, came);
      }
      if (expected === 'new' ? !came.startsWith('ntf_') : came !== expected) {
        faults.push(`${came} instead of ${expected} in ${JSON.stringify(steps)}`);
      }
      ids.push(...(expected === 'new' ? [came] : []));
    }
    return faults;
  };
  const ids: string[] = [];
  for (let played = 0; played < SEQUENCES; played += AT_ONCE) {
    const sequences = fc.sample(requests, AT_ONCE);
    const faults = await Promise.all(sequences.map((steps, at) => play(steps, played + at)));
    expect(faults.flat()).toEqual([]);
    // So much may wait for one person, and no more.
    notifications.runSql(`UPDATE delivery SET state = 'sent' WHERE state = 'queued'`);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(countOfNotifications()).toBe(ids.length);
}, 60_000);
