// The pure half of pacing: room in a chat, the pace of a throttled lane, the shares of the priorities.

import fc from 'fast-check';
import {
  addNotified,
  type ChatUse,
  chatFreeAtMs,
  countSinceBulk,
  keptSlots,
  PACES,
  type PerPriority,
  type Slowdown,
  shareSlots,
  slowDown,
  slownessAt,
  wasHeldBack,
} from '../../../src/domain/pacing.ts';

const NOW = Date.UTC(2026, 0, 1);
const UNUSED: ChatUse = { chatClockMs: 0, hourClockMs: 0, notifiedAtMs: [] };

const post = (use: ChatUse, nowMs: number): ChatUse => ({
  chatClockMs: Math.max(use.chatClockMs, nowMs) + PACES.chat.intervalMs,
  hourClockMs: Math.max(use.hourClockMs, nowMs) + PACES.hour.intervalMs,
  notifiedAtMs: addNotified(use.notifiedAtMs, nowMs),
});

/** The most instants that any window of `spanMs` holds. */
const fullest = (instants: readonly number[], spanMs: number) =>
  Math.max(...instants.map((start) => instants.filter((at) => at >= start && at < start + spanMs).length));

/** Posts as soon as there is room, after each of these rests; each post leaves up to `delayMs` after it was counted. */
function postAll(rests: readonly number[], isQuiet: boolean, delayMs: number): readonly number[] {
  let use = UNUSED;
  let nowMs = NOW;
  return rests.map((restMs) => {
    nowMs = Math.max(nowMs + restMs, chatFreeAtMs(use, isQuiet));
    use = post(use, nowMs);
    nowMs += restMs % (delayMs + 1);
    return nowMs;
  });
}

describe('a chat', () => {
  const rests = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })), {
    minLength: 1,
    maxLength: 120,
  });

  test.each([
    [1_000, 6],
    [2_000, 7],
    [30_000, 47],
  ])('never has more posts in any %i ms than %i, however late each leaves', (spanMs, most) => {
    fc.assert(
      fc.property(rests, fc.nat(500), (list, delayMs) => fullest(postAll(list, true, delayMs), spanMs) <= most),
    );
  });

  test('never has more than 1 741 posts in any hour', () => {
    const instants = postAll(Array(4_000).fill(0), true, 0);
    const counts = instants.map((start, index) => {
      const end = instants.findIndex((at, later) => later > index && at >= start + 3_600_000);
      return (end === -1 ? instants.length : end) - index;
    });
    expect(Math.max(...counts)).toBeLessThanOrEqual(1_741);
    expect(Math.max(...counts)).toBeGreaterThan(1_700);
  });

  test('never brings more than ten notifications in any minute, and ten after a rest', () => {
    fc.assert(fc.property(rests, (list) => fullest(postAll(list, false, 0), 60_000) <= 10));
    expect(fullest(postAll(Array(40).fill(0), false, 0), 60_000)).toBe(10);
  });

  test('has room for a reply while notifications have to wait', () => {
    const use = { ...UNUSED, notifiedAtMs: Array.from({ length: 10 }, (_, index) => NOW + index) };
    expect(chatFreeAtMs(use, false)).toBe(NOW + 60_000);
    expect(chatFreeAtMs(use, true)).toBeLessThanOrEqual(NOW);
  });
});

describe('a lane after a 429', () => {
  const START: Slowdown = { factor: 1, untilMs: 0 };

  test('keeps its rate when the 429 was a single one', () => {
    expect(slowDown(START, NOW, 5_000)).toEqual({ factor: 1, untilMs: NOW + 5_000 });
  });

  test('goes a quarter slower when another comes within ten seconds after the pause', () => {
    const first = slowDown(START, NOW, 5_000);
    expect(slowDown(first, NOW + 15_000, 0)).toEqual({ factor: 1.25, untilMs: NOW + 16_000 });
    expect(slowDown(first, NOW + 15_001, 0).factor).toBe(1);
  });

  test('counts one 429 a second, and none during a pause', () => {
    const first = slowDown(START, NOW, 0);
    expect(slowDown(first, NOW + 999, 60_000)).toBe(first);
    expect(slowDown(first, NOW + 1_000, 0).factor).toBe(1.25);
  });

  test('never goes slower than a quarter of its rate, and comes back by 5 % in ten seconds', () => {
    let slowdown = START;
    for (let second = 0; second < 30; second++) {
      slowdown = slowDown(slowdown, NOW + second * 1_000, 0);
    }
    const { factor, untilMs } = slowdown;
    expect(factor).toBe(4);
    expect(slownessAt(slowdown, untilMs + 9_999)).toBe(4);
    expect(slownessAt(slowdown, untilMs + 10_000)).toBeCloseTo(3.8);
    expect(slownessAt(slowdown, untilMs + 280_000)).toBe(1);
    expect(slownessAt(slowdown, untilMs - 1)).toBe(4);
  });
});

describe('the slots of a lane', () => {
  const rooms = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 40, maxLength: 200 });
  const all = (count: number): PerPriority => ({ urgent: count, normal: count, bulk: count });
  const NONE = all(0);

  /** Gives out slots in these portions. @returns how many each priority had */
  const giveOut = (portions: readonly number[], waiting: PerPriority, sinceBulk = 0) => {
    let since = sinceBulk;
    const had = { urgent: 0, normal: 0, bulk: 0 };
    for (const slots of portions) {
      const shares = shareSlots(slots, waiting, keptSlots(since, slots));
      const taken = shares.urgent + shares.normal + shares.bulk;
      since = countSinceBulk(since, taken);
      had.urgent += shares.urgent;
      had.normal += shares.normal;
      had.bulk += shares.bulk;
    }
    return { had, since };
  };

  test('are kept for normal three times of twenty and for bulk once, however they are given out', () => {
    fc.assert(
      fc.property(rooms, (portions) => {
        const slots = portions.reduce((sum, room) => sum + room, 0);
        const { had } = giveOut(portions, all(1_000));
        const rest = slots % 20;
        const normal = 3 * Math.floor(slots / 20) + Math.min(3, Math.floor(rest / 5));
        expect(had).toEqual({ urgent: slots - normal - had.bulk, normal, bulk: Math.floor(slots / 20) });
      }),
    );
  });

  test('are never more than there are, and none stays free while somebody waits', () => {
    const counts = fc.record({ urgent: fc.nat(30), normal: fc.nat(30), bulk: fc.nat(30) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), counts, fc.nat(19), (slots, waiting, sinceBulk) => {
        const { had } = giveOut([slots], waiting, sinceBulk);
        expect(had.urgent + had.normal + had.bulk).toBe(
          Math.min(slots, waiting.urgent + waiting.normal + waiting.bulk),
        );
        expect(had.urgent <= waiting.urgent && had.normal <= waiting.normal && had.bulk <= waiting.bulk).toBe(true);
      }),
    );
  });

  test('that are kept go to urgent when nobody else waits, and are not saved up', () => {
    const { had, since } = giveOut(Array(50).fill(20), { ...NONE, urgent: 1_000 });
    expect(had).toEqual({ urgent: 1_000, normal: 0, bulk: 0 });
    expect(giveOut([20], all(1_000), since).had).toEqual({ urgent: 16, normal: 3, bulk: 1 });
  });
});

test('held back is what was ready before a minute with ten notifications was over', () => {
  const ten = Array.from({ length: 10 }, (_, index) => NOW + index);
  expect(wasHeldBack(ten, NOW + 59_999)).toBe(true);
  expect(wasHeldBack(ten, NOW + 60_000)).toBe(false);
  expect(wasHeldBack(ten.slice(1), NOW)).toBe(false);
});
