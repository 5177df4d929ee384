// The pure half of pacing: room in a chat, the pace of a throttled lane, the share of bulk.

import fc from 'fast-check';
import {
  addNotified,
  bulkShare,
  type ChatUse,
  chatFreeAtMs,
  countSinceBulk,
  PACES,
  type Slowdown,
  slowDown,
  slownessAt,
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
function postAll(rests: readonly number[], isReply: boolean, delayMs: number): readonly number[] {
  let use = UNUSED;
  let nowMs = NOW;
  return rests.map((restMs) => {
    nowMs = Math.max(nowMs + restMs, chatFreeAtMs(use, isReply));
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

describe('bulk', () => {
  test('has one slot of twenty, however the slots are given out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 40, maxLength: 200 }), (rooms) => {
        let sinceBulk = 0;
        let slots = 0;
        let bulk = 0;
        for (const room of rooms) {
          const share = bulkShare(sinceBulk, room);
          sinceBulk = countSinceBulk(sinceBulk, room, share);
          slots += room;
          bulk += share;
        }
        return bulk === Math.floor(slots / 20);
      }),
    );
  });

  test('does not save up what it did not need', () => {
    let sinceBulk = 0;
    for (let claim = 0; claim < 50; claim++) {
      sinceBulk = countSinceBulk(sinceBulk, 20, 0);
    }
    expect(bulkShare(sinceBulk, 20)).toBe(1);
  });
});
