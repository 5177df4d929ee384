// A Connector that is away, or asks for pauses: everything arrives once, and few requests are made in vain.

import type { Outcome } from '../../../src/domain/delivery.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { type Script, type SenderRequest, succeed } from '../../support/scripted-sender.ts';
import { type InstalledPerson, SERVICE_URL } from '../../support/store-fixtures.ts';

const OTHER_URL = 'https://smba.infra.gcc.teams.microsoft.com/teams';
const UNREACHABLE: Outcome = { kind: 'transient', reason: 'unreachable_host' };
/** The pace of a lane as it is by default. */
const INTERVAL_US = 25_000;

let fixture: DeliveryFixture;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
});

afterEach(() => fixture.dispose());

async function installMany(count: number): Promise<InstalledPerson[]> {
  const people = [];
  for (let index = 0; index < count; index++) {
    people.push(await fixture.install(index, { intervalUs: INTERVAL_US }));
  }
  return people;
}

const sent = (count: number) => Array.from({ length: count }, () => 'sent');

/** How often each chat got its message. */
function copies(requests: readonly (SenderRequest & { readonly isPosted: boolean })[]): readonly number[] {
  const byPlace = Map.groupBy(
    requests.filter(({ isPosted }) => isPosted),
    ({ place }) => place,
  );
  return [...byPlace.values()].map((posts) => posts.length);
}

/** Attempts that became a request. */
const asked = () => fixture.attempts().filter(({ outcome }) => outcome !== null && outcome !== 'postponed');

/** Remembers which requests were carried out. */
function watch(script: Script): (SenderRequest & { readonly isPosted: boolean })[] {
  const seen: (SenderRequest & { readonly isPosted: boolean })[] = [];
  fixture.sender.script = async (request) => {
    const outcome = await script(request);
    seen.push({ ...request, isPosted: outcome.kind === 'delivered' });
    return outcome;
  };
  return seen;
}

describe('a Connector that is down', () => {
  test('for ten minutes costs a few probes, and then everything arrives once, within a minute', async () => {
    const backAtMs = fixture.clock.nowMs() + 600_000;
    const seen = watch((request) => (request.atMs < backAtMs ? UNREACHABLE : succeed(request)));
    const people = await installMany(200);
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    await fixture.pass(600_000, 500);
    const inVain = seen.length;
    expect(inVain).toBeLessThanOrEqual(25 + 20);
    await fixture.pass(60_000, 50);
    expect(fixture.states()).toEqual(sent(200));
    expect(copies(seen)).toEqual(Array.from({ length: 200 }, () => 1));
    expect(seen).toHaveLength(200 + inVain);
    expect(asked()).toHaveLength(seen.length);
  });

  test('for a while in the middle of a stream keeps the requests below 1.15 for each message and the probes', async () => {
    const startMs = fixture.clock.nowMs();
    const isDown = (atMs: number) => atMs >= startMs + 5_000 && atMs < startMs + 65_000;
    const seen = watch((request) => (isDown(request.atMs) ? UNREACHABLE : succeed(request)));
    await fixture.queue(await installMany(400));
    await fixture.createDispatcher().start();
    await fixture.pass(130_000, 50);
    expect(fixture.states()).toEqual(sent(400));
    expect(seen.length).toBeLessThanOrEqual(1.15 * 400 + 2);
    expect(copies(seen).every((count) => count === 1)).toBe(true);
  });

  test('does not hold up the chats of another host in the same tenant', async () => {
    const people = await installMany(60);
    fixture.pointTo(OTHER_URL, people.slice(40));
    watch((request) => (request.serviceUrl === SERVICE_URL ? UNREACHABLE : succeed(request)));
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    await fixture.pass(4_000);
    expect(fixture.states().slice(40)).toEqual(sent(20));
    await fixture.queue(people.slice(40));
    await fixture.pass(1_000);
    expect(fixture.states().slice(60)).toEqual(sent(20));
  });

  test('keeps the order of each chat, also of those that were held back', async () => {
    const backAtMs = fixture.clock.nowMs() + 45_000;
    const seen = watch((request) => (request.atMs < backAtMs ? UNREACHABLE : succeed(request)));
    const people = await installMany(30);
    await fixture.createDispatcher().start();
    for (let round = 0; round < 3; round++) {
      await fixture.queue(people);
      await fixture.pass(10_000, 100);
    }
    await fixture.pass(90_000, 100);
    expect(fixture.states()).toEqual(sent(90));
    const ended = fixture.rows(
      `SELECT conversation_id, group_concat(id) AS ids FROM
         (SELECT d.id, d.conversation_id FROM delivery d JOIN attempt a ON a.delivery_id = d.id
           WHERE a.outcome = 'delivered' ORDER BY a.finished_at_ms, d.id) GROUP BY conversation_id`,
    );
    for (const { ids } of ended) {
      const order = String(ids).split(',').map(Number);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
    expect(seen.filter(({ isPosted }) => isPosted)).toHaveLength(90);
  });

  test('is written into the log once, and once again when it is back', async () => {
    const backAtMs = fixture.clock.nowMs() + 120_000;
    watch((request) => (request.atMs < backAtMs ? UNREACHABLE : succeed(request)));
    await fixture.queue(await installMany(20));
    await fixture.createDispatcher().start();
    await fixture.pass(180_000, 100);
    const lines = fixture.log.filter((line) => line.includes('the Bot Connector'));
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'the Bot Connector does not answer: its deliveries wait, and it is probed',
      'the Bot Connector answers again: deliveries go on',
    ]);
  });
});

test('messages that fail each time are retried within the budget, and waiting for it is no failure', async () => {
  const startMs = fixture.clock.nowMs();
  const isBusy = (atMs: number) => atMs < startMs + 60_000;
  const busy: Outcome = { kind: 'transient', reason: 'concurrent_operation' };
  const seen = watch((request) => (isBusy(request.atMs) ? busy : succeed(request)));
  await fixture.queue(await installMany(200));
  await fixture.createDispatcher().start();
  await fixture.pass(59_900, 100);
  expect(seen.length).toBeGreaterThan(200);
  expect(seen.length).toBeLessThanOrEqual(1.1 * 200);
  const asksOf = Map.groupBy(asked(), (attempt) => attempt['delivery_id']);
  for (const { id, failures } of fixture.deliveries()) {
    expect(failures).toBe(asksOf.get(id)?.length);
  }
  await fixture.pass(60_000, 100);
  expect(fixture.states()).toEqual(sent(200));
});

describe('a storm of 429', () => {
  test.each<[string, number | undefined]>([
    ['with Retry-After', 5_000],
    ['without Retry-After', undefined],
    ['with an absurd Retry-After', 365 * 86_400_000],
    ['with a nonsensical Retry-After', Number.NaN],
  ])(
    '%s loses nothing, doubles nothing, and costs half of the requests more at the most',
    async (_name, retryAfterMs) => {
      let left = 50;
      const throttled: Outcome = {
        kind: 'throttled',
        reason: 'throttled',
        scope: 'conversation',
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      };
      const seen = watch((request) => (left-- > 0 ? throttled : succeed(request)));
      await fixture.queue(await installMany(100));
      await fixture.createDispatcher().start();
      await fixture.pass(20_000, 50);
      await fixture.pass(3_700_000 - 20_000, 20_000);
      await fixture.pass(10_000, 50);
      expect(fixture.states()).toEqual(sent(100));
      expect(seen.length).toBeLessThanOrEqual(150);
      expect(copies(seen)).toEqual(Array.from({ length: 100 }, () => 1));
    },
  );
});
