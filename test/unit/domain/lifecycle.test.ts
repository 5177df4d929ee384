// What an event makes of the thing that it is about.

import fc from 'fast-check';
import {
  applyLifecycleEvent,
  LIFECYCLE_STATES,
  type Lifecycle,
  type LifecycleEvent,
  type LifecycleStep,
  MAX_HISTORY,
} from '../../../src/domain/lifecycle.ts';
import { SEVERITIES } from '../../../src/domain/notification.ts';

const OPEN: LifecycleEvent = { state: 'open', severity: 'warning', title: 'Disk almost full' };
const ACKNOWLEDGED: LifecycleEvent = { ...OPEN, state: 'acknowledged' };
const RESOLVED: LifecycleEvent = { ...OPEN, state: 'resolved', title: 'Disk has room' };

interface Timed {
  readonly event: LifecycleEvent;
  readonly nowMs: number;
}

/** Takes in the events one after the other, a minute apart unless they say otherwise. */
function steps(...events: readonly (LifecycleEvent | Timed)[]): LifecycleStep[] {
  let current: Lifecycle | undefined;
  return events.map((one, index) => {
    const { event, nowMs } = 'event' in one ? one : { event: one, nowMs: 1_000_000 + index * 60_000 };
    const step = applyLifecycleEvent(current, event, nowMs);
    current = step.kind === 'outdated' ? current : step.next;
    return step;
  });
}

type Given = readonly (LifecycleEvent | Timed)[];
const kinds = (...events: Given) => steps(...events).map(({ kind }) => kind);
const last = (...events: Given) => {
  const step = steps(...events).at(-1);
  return step && step.kind !== 'outdated' ? step.next : undefined;
};

test('what begins is posted, and what goes on is edited', () => {
  expect(kinds(OPEN, OPEN, ACKNOWLEDGED, RESOLVED)).toEqual(['post', 'edit', 'edit', 'edit']);
});

test('what begins again after it was over is posted anew, with a history of its own', () => {
  expect(kinds(OPEN, RESOLVED, OPEN)).toEqual(['post', 'edit', 'post']);
  expect(last(OPEN, RESOLVED, OPEN)).toMatchObject({
    firstMessage: 2,
    messageNumber: 2,
    history: [{ state: 'open', count: 1 }],
  });
});

test('what gets worse is posted anew, and takes the place of the message before', () => {
  const worse: LifecycleEvent = { ...OPEN, severity: 'critical' };
  const step = steps(OPEN, worse).at(-1);
  expect(step).toMatchObject({ kind: 'post', next: { firstMessage: 1, messageNumber: 2, openedAtMs: 1_000_000 } });
});

test('what gets better and as bad as before makes no new message', () => {
  const worse: LifecycleEvent = { ...OPEN, severity: 'critical' };
  expect(kinds(worse, OPEN, worse)).toEqual(['post', 'edit', 'edit']);
  expect(kinds({ ...OPEN, severity: 'info' }, { ...OPEN, severity: 'success' })).toEqual(['post', 'edit']);
});

test('an end is never a new message, however bad it is said to be', () => {
  expect(kinds(OPEN, { ...RESOLVED, severity: 'critical' }, RESOLVED)).toEqual(['post', 'edit', 'edit']);
});

test('an event that happened before the latest one changes nothing', () => {
  const at = (event: LifecycleEvent, occurredAtMs: number) => ({ ...event, occurredAtMs });
  expect(kinds(at(OPEN, 5), at(RESOLVED, 9), at(OPEN, 8))).toEqual(['post', 'edit', 'outdated']);
});

test('of two of the same instant the one that comes later counts', () => {
  const at = (event: LifecycleEvent, occurredAtMs: number) => ({ ...event, occurredAtMs });
  expect(last(at(OPEN, 5), at(RESOLVED, 5))?.state).toBe('resolved');
});

test('without a time of its own an event is as late as it comes, whatever times were given before', () => {
  expect(kinds({ ...OPEN, occurredAtMs: 9_000_000_000 }, RESOLVED)).toEqual(['post', 'edit']);
});

test('the same said again is counted and not listed', () => {
  expect(last(OPEN, OPEN, OPEN)?.history).toMatchObject([{ count: 3 }]);
});

test('repeats are told at most once in three seconds, and all of them', () => {
  const at = (nowMs: number) => ({ event: OPEN, nowMs });
  const due = steps(at(0), at(100), at(200), at(2_999), at(3_000), at(3_001), at(60_000)).map((step) =>
    step.kind === 'outdated' ? undefined : step.dueAtMs,
  );
  expect(due).toEqual([0, 3_000, 3_000, 3_000, 6_000, 6_000, 60_000]);
});

test('a clock that was set back holds no repeat up', () => {
  const step = steps({ event: OPEN, nowMs: 3_600_000 }, { event: OPEN, nowMs: 5_000 }).at(-1);
  expect(step).toMatchObject({ kind: 'edit', dueAtMs: 5_000 });
});

test('a change of its state is told at once', () => {
  const step = steps({ event: OPEN, nowMs: 0 }, { event: OPEN, nowMs: 100 }, { event: RESOLVED, nowMs: 200 }).at(-1);
  expect(step).toMatchObject({ kind: 'edit', dueAtMs: 200 });
});

test('of a long history the end is kept and the rest is counted', () => {
  const events = Array.from({ length: 30 }, (_, index) => ({ ...OPEN, title: `Disk ${index}` }));
  const next = last(...events);
  expect(next?.history).toHaveLength(MAX_HISTORY);
  expect(next?.forgotten).toBe(30 - MAX_HISTORY);
});

describe('for any events in any order', () => {
  const event = fc.record({
    state: fc.constantFrom(...LIFECYCLE_STATES),
    severity: fc.constantFrom(...SEVERITIES),
    title: fc.constantFrom('a', 'b'),
    occurredAtMs: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
  });
  const clocked = fc.array(fc.record({ event, waitMs: fc.integer({ min: 0, max: 5_000 }) }), { maxLength: 12 });

  test('the latest that was said to have happened decides, nothing is lost from the count, and messages only grow', () => {
    fc.assert(
      fc.property(clocked, (events) => {
        const broken: string[] = [];
        const hold = (rule: string, isKept: boolean) => isKept || broken.push(rule);
        let [nowMs, taken, latestMs] = [0, 0, -1];
        let current: Lifecycle | undefined;
        for (const { event: one, waitMs } of events) {
          nowMs += waitMs;
          const before: Lifecycle | undefined = current;
          const step = applyLifecycleEvent(before, one, nowMs);
          const isOlder = one.occurredAtMs !== undefined && one.occurredAtMs < latestMs;
          hold('only what is older is outdated', (step.kind === 'outdated') === isOlder);
          if (step.kind === 'outdated') {
            continue;
          }
          const isNew = step.next.messageNumber === (before?.messageNumber ?? 0) + 1;
          hold('a new message has the next number', isNew === (step.kind === 'post'));
          hold('the state is what was said', step.next.state === one.state);
          hold('it is told within three seconds', step.dueAtMs >= nowMs && step.dueAtMs <= nowMs + 3_000);
          const isEpisodeNew = before === undefined || (before.state === 'resolved' && one.state !== 'resolved');
          taken = isEpisodeNew ? 1 : taken + 1;
          const counted = step.next.history.reduce((sum, { count }) => sum + count, step.next.forgotten);
          hold('everything is counted', counted === taken);
          latestMs = Math.max(latestMs, one.occurredAtMs ?? -1);
          current = step.next;
        }
        expect(broken).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });
});
