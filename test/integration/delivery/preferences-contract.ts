// What people have said, right before a message goes to them, on whatever database a fixture has.

import type { NotificationContent } from '../../../src/domain/notification.ts';
import type { Preferences, QuietHours } from '../../../src/domain/preferences.ts';
import { getNotificationStatus } from '../../../src/notifications/notification-status.ts';
import { EVENT, type InstalledPerson, type QueuedOptions } from '../../support/store-fixtures.ts';
import type { AnyDeliveryFixture } from '../lifecycle/lifecycle-fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const URGENT = { priority: 'urgent', content: { ...EVENT, passesQuiet: true } } as const;

/** A queue, and people who say something. */
export function createWishes(queue: AnyDeliveryFixture) {
  const minuteOfDay = (ms: number) => Math.floor((ms % DAY_MS) / MINUTE_MS);
  const quietFor = (ms: number): QuietHours => ({
    fromMinute: minuteOfDay(queue.clock.nowMs()),
    toMinute: minuteOfDay(queue.clock.nowMs() + ms),
    withWeekends: false,
  });
  const say = async ({ personId }: InstalledPerson, preferences: Preferences) => {
    await queue.store.write(async (tx) => {
      await tx.preferences.save(personId, preferences, queue.clock.nowMs());
      await tx.digests.releaseDeferred(personId, preferences, queue.clock.nowMs());
    });
    queue.store.signalWork();
  };
  const deliveries = async () => queue.deliveries();
  /** Moves the clock until that is as expected. */
  const passUntil = async (look: () => Promise<string>, expected: string): Promise<void> => {
    for (let steps = 0; (await look()) !== expected; steps++) {
      if (steps > 300) {
        throw new Error(`${await look()} instead of ${expected}`);
      }
      await queue.pass(500, 500);
    }
  };
  return {
    quietFor,
    say,
    start: () => queue.createDispatcher({ isAlone: queue.isAlone }).start(),
    /** Moves the clock until the deliveries have these states, with a blank and the reason where there is one. */
    passTo(...expected: readonly string[]): Promise<void> {
      const states = async () =>
        (await deliveries()).map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()).join();
      return passUntil(states, expected.join());
    },
    /** Moves the clock until the sender was asked to post so often. */
    passToPosts: (count: number) => passUntil(async () => `${queue.sender.posts.length} posts`, `${count} posts`),
    /** Moves the clock in one step to an instant, and lets everything happen that is due then. */
    async passTill(ms: number): Promise<void> {
      const leftMs = ms - queue.clock.nowMs();
      await queue.pass(leftMs, leftMs);
    },
    /** What the sender was asked to post: the title, or the titles of a digest. */
    posted: () =>
      queue.sender.posts.map(({ content }) => {
        if (content?.kind === 'digest') {
          return { because: content.because, titles: content.items.map(({ title }) => title), more: content.more };
        }
        return content && 'title' in content ? content.title : content?.kind;
      }),
    event: (title: string): { content: NotificationContent } => ({ content: { ...EVENT, title } }),
    async status(notificationId: number) {
      const row = (await queue.rows(`SELECT public_id FROM notification WHERE id = ${notificationId}`))[0];
      const publicId = String(row?.['public_id']);
      const status = await getNotificationStatus(queue, { publicId, producerId: queue.producerId });
      return status.deliveries[0];
    },
  };
}

/** @param open the queue of the test that runs */
export function describePreferencesContract(open: () => AnyDeliveryFixture): void {
  const tell = async (to: readonly InstalledPerson[], options: Partial<QueuedOptions> = {}) =>
    open().queue(to, options);

  test('who wants nothing is not written to, and the sender is told so', async () => {
    const { say, start, passTo, status } = createWishes(open());
    const [ana, ben] = [await open().install(1), await open().install(2)];
    await say(ana, { optedOutAtMs: 1 });
    const id = await tell([ana, ben], URGENT);
    await start();
    await passTo('suppressed opted_out', 'sent');
    expect(open().sender.posts).toHaveLength(1);
    expect(await status(id)).toMatchObject({ state: 'suppressed', reason: { code: 'opted_out' } });
    const metric = await open().metrics.deliveriesEnded.get();
    expect(metric.values).toContainEqual({ labels: { state: 'suppressed', reason: 'opted_out' }, value: 1 });
  });

  test('what is muted does not arrive, and everything else does', async () => {
    const { say, start, passTo, posted } = createWishes(open());
    const ana = await open().install(1);
    await say(ana, { mutes: [{ kind: 'source', name: 'CI', untilMs: null }] });
    await tell([ana]);
    await tell([ana], { content: { ...EVENT, title: 'Backup', source: 'backup' } });
    await start();
    await passTo('suppressed muted', 'sent');
    expect(posted()).toEqual(['Backup']);
  });

  test('in quiet hours it waits until they end, and the status says until when', async () => {
    const { say, quietFor, start, passTo, passTill, status } = createWishes(open());
    const ana = await open().install(1);
    await say(ana, { quietHours: quietFor(HOUR_MS) });
    const endMs = (Math.floor(open().clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS;
    const id = await tell([ana]);
    await start();
    await passTo('queued quiet_hours');
    expect(await status(id)).toMatchObject({
      state: 'queued',
      deferredUntil: new Date(endMs).toISOString(),
      reason: { code: 'quiet_hours' },
      attempts: [],
    });
    await passTill(endMs - 1_000);
    expect(open().sender.requests).toEqual([]);
    await passTill(endMs);
    await passTo('sent');
    expect(open().sender.posts).toHaveLength(1);
    expect(await status(id)).not.toHaveProperty('deferredUntil');
  });

  test('quiet hours are those of the zone of the person', async () => {
    const { say, quietFor, start, passTo } = createWishes(open());
    const tokyo = await open().install(1, { timeZone: 'Asia/Tokyo' });
    const nowhere = await open().install(2, { timeZone: 'Mars/Olympus' });
    await say(tokyo, { quietHours: quietFor(HOUR_MS) });
    await say(nowhere, { quietHours: quietFor(HOUR_MS) });
    await tell([tokyo, nowhere]);
    await start();
    await passTo('sent', 'queued quiet_hours');
  });

  test('what is urgent and may pass goes through and says so; urgent alone waits', async () => {
    const { say, quietFor, start, passTo } = createWishes(open());
    const ana = await open().install(1);
    await say(ana, { quietHours: quietFor(HOUR_MS) });
    await tell([ana], { priority: 'urgent' });
    await tell([ana], { content: URGENT.content });
    await tell([ana], URGENT);
    await start();
    await passTo('queued quiet_hours', 'queued quiet_hours', 'sent');
    expect(open().sender.posts).toMatchObject([{ isThroughQuiet: true }]);
  });

  test('answers of the bot pass, at once and past all that is put off', async () => {
    const { say, quietFor, start, passTo, posted } = createWishes(open());
    const ana = await open().install(1);
    await say(ana, { quietHours: quietFor(HOUR_MS), digestMinute: 0 });
    await tell([ana], { priority: 'urgent' });
    await start();
    await passTo('queued quiet_hours');
    await tell([ana], { priority: 'urgent', content: { kind: 'reply', text: 'Hello' } });
    await passTo('queued quiet_hours', 'sent');
    expect(posted()).toEqual(['reply']);
    expect(open().sender.posts[0]).not.toHaveProperty('menu');
  });

  test('who changes what they said is judged anew at once', async () => {
    const { say, quietFor, start, passTo } = createWishes(open());
    const [ana, ben] = [await open().install(1), await open().install(2)];
    const quietHours = quietFor(HOUR_MS);
    await say(ana, { quietHours });
    await say(ben, { quietHours });
    await tell([ana, ben]);
    await start();
    await passTo('queued quiet_hours', 'queued quiet_hours');
    await say(ana, {});
    await say(ben, { quietHours, optedOutAtMs: 1 });
    await passTo('sent', 'suppressed opted_out');
  });

  test('what expires meanwhile is expired', async () => {
    const { say, quietFor, start, passTo, passTill } = createWishes(open());
    const ana = await open().install(1);
    await say(ana, { quietHours: quietFor(HOUR_MS) });
    await tell([ana], { ttlMs: 10 * MINUTE_MS });
    await start();
    await passTo('queued quiet_hours');
    await passTill(open().clock.nowMs() + 10 * MINUTE_MS);
    await passTo('expired expired');
    expect(open().sender.requests).toEqual([]);
  });

  test('what has begun is finished in quiet hours', async () => {
    const { say, quietFor, start, passTo, passTill } = createWishes(open());
    const ana = await open().install(1);
    await tell([ana]);
    open().sender.script = () => ({ kind: 'transient', reason: 'unavailable' });
    await start();
    await passTo('queued unavailable');
    await say(ana, { quietHours: quietFor(HOUR_MS) });
    open().sender.script = () => ({ kind: 'delivered', activityId: '1' });
    await passTill(open().clock.nowMs() + MINUTE_MS);
    await passTo('sent');
  });

  test('a dispatcher that dies between a claim and its judgement does not turn a digest that is due into one of tomorrow', async () => {
    const { say, quietFor, start, passTo, passTill } = createWishes(open());
    const { clock, store } = open();
    const ana = await open().install(1);
    await say(ana, { digestMinute: quietFor(HOUR_MS).toMinute });
    await tell([ana]);
    await start();
    await passTo('queued daily_digest');
    const dueAtMs = (Math.floor(clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS;
    const gate = { closedOrigins: [], isClosedToRetries: false };
    await store.write((tx) =>
      tx.queue.claim({ owner: 'dead', nowMs: dueAtMs, leaseMs: 1_000, limit: 9, quantum: 9, horizonMs: 400, ...gate }),
    );
    await passTill(dueAtMs + 10_000);
    await passTo('sent');
  });

  test('a message that can be muted has a menu, also when it is edited', async () => {
    const { start, passTo } = createWishes(open());
    const ana = await open().install(1);
    const id = await tell([ana]);
    await start();
    await passTo('sent');
    const [row] = await open().rows(`SELECT public_id FROM notification WHERE id = ${id}`);
    const menu = { notification: row?.['public_id'], hasKey: false };
    await open().store.write((tx) =>
      tx.messageChanges.queue([1], 'update', {
        nowMs: open().clock.nowMs(),
        expiresAtMs: open().clock.nowMs() + DAY_MS,
      }),
    );
    open().store.signalWork();
    await open().pass(1_000);
    expect(open().sender.requests).toMatchObject([
      { operation: 'post', menu },
      { operation: 'update', menu },
    ]);
  });
}
