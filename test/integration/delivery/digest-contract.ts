// Many messages that waited are told of in one, on whatever database a fixture has.

import { cancelOne } from '../../../src/delivery/cancel.ts';
import { toDeliveryId } from '../../../src/domain/delivery-id.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMortalStore, type Death } from '../../support/mortal-store.ts';
import { createGate, inTurn } from '../../support/scripted-sender.ts';
import { EVENT, type InstalledPerson, type QueuedOptions } from '../../support/store-fixtures.ts';
import { type AnyDeliveryFixture, createLifecycleFixture, installReader } from '../lifecycle/lifecycle-fixture.ts';
import { createWishes, URGENT } from './preferences-contract.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** @param open the queue of the test that runs */
export function describeDigestContract(open: () => AnyDeliveryFixture): void {
  let ana: InstalledPerson;

  beforeEach(async () => {
    ana = await open().install(1);
  });

  const tell = (title: string, options: Partial<QueuedOptions> = {}) =>
    open().queue([ana], { content: { ...EVENT, title }, ...options });

  const tellAll = async (titles: string, options: Partial<QueuedOptions> = {}) => {
    for (const title of titles) {
      await tell(title, options);
    }
  };

  const times = (count: number, state: string) => Array.from({ length: count }, () => state);

  /** These wait in quiet hours that end in an hour. */
  const deferAll = async (titles: string, options: Partial<QueuedOptions> = {}) => {
    const wishes = createWishes(open());
    await wishes.say(ana, { quietHours: wishes.quietFor(HOUR_MS) });
    await tellAll(titles, options);
    const dispatcher = open().createDispatcher({ isAlone: open().isAlone });
    await dispatcher.start();
    await wishes.passTo(...times(titles.length, 'queued quiet_hours'));
    const endMs = (Math.floor(open().clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS;
    return { ...wishes, dispatcher, toEnd: () => wishes.passTill(endMs) };
  };

  const quietDigest = (titles: string) => ({ because: 'quiet_hours', titles: [...titles], more: 0 });

  test('more than three that waited for the end of quiet hours are one digest', async () => {
    const { toEnd, passTo, posted, status } = await deferAll('abcd');
    await toEnd();
    await passTo(...times(4, 'sent in_digest'));
    expect(posted()).toEqual([quietDigest('abcd')]);
    expect(open().sender.posts[0]).not.toHaveProperty('menu');
    expect(await status(4)).toMatchObject({ state: 'sent', reason: { code: 'in_digest' } });
    expect((await open().deliveries()).map((row) => row['activity_id'])).toEqual(times(4, 'x').map(() => null));
    expect((await open().metrics.digests.get()).values).toMatchObject([
      { labels: { because: 'quiet_hours' }, value: 1 },
    ]);
  });

  test('who ends their quiet hours early gets what waited in one digest', async () => {
    const { say, passTo, posted } = await deferAll('abcd');
    await say(ana, {});
    await passTo(...times(4, 'sent in_digest'));
    expect(posted()).toEqual([quietDigest('abcd')]);
  });

  test.each([
    ['no digest any more', {}, 'sent in_digest'],
    ['something else', { mutes: [{ kind: 'source', name: 'other', untilMs: null }] }, 'queued daily_digest'],
  ] as const)('what waits for the digest of the day, when its person says %s', async (_what, others, state) => {
    const { say, quietFor, start, passTo } = createWishes(open());
    const digest = { digestMinute: quietFor(HOUR_MS).toMinute };
    await say(ana, digest);
    await tellAll('abcd');
    await start();
    await passTo(...times(4, 'queued daily_digest'));
    await say(ana, 'mutes' in others ? { ...digest, ...others } : others);
    await open().pass(5_000, 500);
    await passTo(...times(4, state));
  });

  test('three are sent one by one', async () => {
    const { toEnd, passTo, posted } = await deferAll('abc');
    await toEnd();
    await passTo(...times(3, 'sent'));
    expect(posted()).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a', ['a']],
    ['ab', [{ because: 'daily_digest', titles: ['a', 'b'], more: 0 }]],
  ])('the digest of the day tells of %s', async (titles, expected) => {
    const { say, quietFor, start, passTo, passTill, posted } = createWishes(open());
    await say(ana, { digestMinute: quietFor(HOUR_MS).toMinute });
    await tellAll(titles);
    await start();
    await passTo(...times(titles.length, 'queued daily_digest'));
    await passTill((Math.floor(open().clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS);
    await passTo(...times(titles.length, titles.length === 1 ? 'sent' : 'sent in_digest'));
    expect(posted()).toEqual(expected);
  });

  test('what exceeds ten a minute is one digest, which counts as one notification', async () => {
    const { start, passTo, posted } = createWishes(open());
    await tellAll('abcdefghijklmn');
    await start();
    await passTo(...times(10, 'sent'), ...times(4, 'sent in_digest'));
    expect(posted().at(-1)).toEqual({ because: 'too_many', titles: ['k', 'l', 'm', 'n'], more: 0 });
    const [chat] = await open().rows('SELECT notified_at_ms FROM conversation');
    const instants: readonly number[] = JSON.parse(String(chat?.['notified_at_ms']));
    expect(instants).toHaveLength(10);
    expect(Number(instants[9]) - Number(instants[8])).toBeGreaterThan(40_000);
  });

  test('three that exceed ten a minute are sent one by one', async () => {
    const { start, passTo, posted } = createWishes(open());
    await tellAll('abcdefghijklm');
    await start();
    await passTo(...times(13, 'sent'));
    expect(posted()).toEqual([...'abcdefghijklm']);
  });

  test('what is muted, passes quiet hours or may not be repeated is not told of in it', async () => {
    const { quietFor, toEnd, passTo, posted } = await deferAll('abcd');
    await tell('muted', { content: { ...EVENT, title: 'muted', source: 'noise' } });
    await tell('once', { unknownPolicy: 'hold' });
    await passTo(...times(6, 'queued quiet_hours'));
    const mutes = [{ kind: 'source', name: 'noise', untilMs: null }] as const;
    await open().store.write((tx) =>
      tx.preferences.save(ana.personId, { mutes, quietHours: quietFor(HOUR_MS) }, open().clock.nowMs()),
    );
    await toEnd();
    await tell('urgent', { ...URGENT, content: { ...URGENT.content, title: 'urgent' } });
    await passTo(...times(4, 'sent in_digest'), 'suppressed muted', 'sent', 'sent');
    expect(posted()).toEqual(expect.arrayContaining(['urgent', quietDigest('abcd'), 'once']));
  });

  test('an attempt that failed is made again with the same ones, whatever came meanwhile', async () => {
    const { toEnd, passTo, passToPosts, posted } = await deferAll('abcd');
    open().sender.script = inTurn({ kind: 'transient', reason: 'unavailable' });
    await toEnd();
    await passToPosts(1);
    await tell('late');
    await passTo(...times(4, 'sent in_digest'), 'sent');
    expect(posted()).toEqual([quietDigest('abcd'), quietDigest('abcd'), 'late']);
  });

  test('one that may or may not have arrived is told again as a whole', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcd');
    open().sender.script = inTurn({ kind: 'unknown', reason: 'response_lost' });
    await toEnd();
    await passTo(...times(4, 'sent in_digest'));
    expect(posted()).toEqual([quietDigest('abcd'), quietDigest('abcd')]);
  });

  test('where nothing may be told twice, all of them are held', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcd', { unknownPolicy: 'hold' });
    open().sender.script = inTurn({ kind: 'unknown', reason: 'response_lost' });
    await toEnd();
    await passTo(...times(4, 'held response_lost'));
    expect(posted()).toEqual([quietDigest('abcd')]);
  });

  test('when it is refused, one has failed and the others are told without it', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcd');
    open().sender.script = inTurn({ kind: 'rejected', reason: 'rejected' });
    await toEnd();
    await passTo('failed rejected', 'sent', 'sent', 'sent');
    expect(posted()).toEqual([quietDigest('abcd'), 'b', 'c', 'd']);
  });

  test('when the person cannot be reached any more, all have failed', async () => {
    const { toEnd, passTo } = await deferAll('abcd');
    open().sender.script = inTurn({ kind: 'gone', reason: 'blocked_by_user', isUninstalled: false });
    await toEnd();
    await passTo(...times(4, 'failed blocked_by_user'));
    expect(open().sender.posts).toHaveLength(1);
  });

  test('what is withdrawn or changed while it is on its way is not sent by itself', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcd');
    const gate = createGate();
    open().sender.script = gate.script;
    await toEnd();
    await passTo('sending quiet_hours', ...times(3, 'leased quiet_hours'));
    const { store, clock } = open();
    const deps = { store, clock, logger: silentLogger };
    expect(await cancelOne(deps, { id: toDeliveryId(2) })).toMatchObject({ cancelled: 1 });
    await store.write((tx) => tx.messageChanges.giveBack([3]));
    expect(await store.read.queue.hasDue(clock.nowMs())).toBe(false);
    gate.open();
    await passTo('sent in_digest', 'cancelled quiet_hours', 'sent in_digest', 'sent in_digest');
    expect(posted()).toEqual([quietDigest('abcd')]);
  });

  test('when the one in whose place it goes is withdrawn, the others go without it', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcde');
    open().sender.script = inTurn({ kind: 'transient', reason: 'unavailable' });
    await toEnd();
    await passTo('queued unavailable', ...times(4, 'leased quiet_hours'));
    const { store, clock } = open();
    await cancelOne({ store, clock, logger: silentLogger }, { id: toDeliveryId(1) });
    store.signalWork();
    await passTo('cancelled unavailable', ...times(4, 'sent in_digest'));
    expect(posted()).toEqual([quietDigest('abcde'), quietDigest('bcde')]);
  });

  test('what expires between two attempts is not told of in the second', async () => {
    const { toEnd, passTo, posted } = await deferAll('abcd');
    await tell('e', { ttlMs: HOUR_MS + MINUTE_MS / 2 });
    await passTo(...times(5, 'queued quiet_hours'));
    open().sender.script = inTurn({ kind: 'transient', reason: 'unavailable', retryAfterMs: MINUTE_MS });
    await toEnd();
    await passTo(...times(4, 'sent in_digest'), 'expired expired');
    expect(posted()).toEqual([quietDigest('abcde'), quietDigest('abcd')]);
  });

  const deaths: readonly (Death & { readonly told: number })[] = [
    { statement: 'beginAttempt', when: 'before the commit', told: 1 },
    { statement: 'beginAttempt', when: 'after the commit', told: 1 },
    { statement: 'endAttempt', when: 'before the commit', told: 2 },
    { statement: 'endAttempt', when: 'after the commit', told: 1 },
  ];

  test.each(deaths)('a process that dies $when of $statement loses nothing and tells nothing else', async (death) => {
    const { dispatcher, passTill, start, passTo, posted } = await deferAll('abcd');
    await dispatcher.stop(0);
    const endMs = (Math.floor(open().clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS;
    const mortal = createMortalStore(open().store, death);
    await passTill(endMs);
    const dying = open().createDispatcher({ isAlone: open().isAlone, store: mortal });
    await dying.start();
    await open().pass(1_000, 500);
    await mortal.died;
    await start();
    await passTo(...times(4, 'sent in_digest'));
    expect(posted()).toEqual(times(death.told, 'x').map(() => quietDigest('abcd')));
  });

  test('who read of the beginning in a digest learns of the end', async () => {
    const { say, quietFor, start, passTo, passTill } = createWishes(open());
    const story = createLifecycleFixture(open());
    const ben = await installReader(open(), 2);
    await say(ben, { digestMinute: quietFor(HOUR_MS).toMinute });
    await story.tell([ben]);
    await story.send([ben], { title: 'Backup done' });
    await start();
    await passTo(...times(2, 'queued daily_digest'));
    await passTill((Math.floor(open().clock.nowMs() / MINUTE_MS) + 60) * MINUTE_MS);
    await passTo(...times(2, 'sent in_digest'));
    await say(ben, {});
    await story.tell([ben], { title: 'Disk fine again', state: 'resolved' });
    await passTo(...times(2, 'sent in_digest'), 'sent');
  });
}
