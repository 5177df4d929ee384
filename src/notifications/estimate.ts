// How long a notification will take: told with the 202, from what is known at that moment.

import type { Clock } from '../domain/clock.ts';
import type { Priority } from '../domain/notification.ts';
import type { LaneCount } from '../store/statements/installations.ts';
import type { Statements } from '../store/store.ts';

/** What a producer is told. It is a forecast: pauses that Teams asks for and chats to be opened make it longer. */
export interface Estimate {
  /** How many people. */
  readonly recipients: number;
  /** Whole seconds until the last one has gone out, rounded up. */
  readonly seconds: number;
  /** Deliveries of the same or a higher priority that wait before it in the same lanes. */
  readonly queuedBefore: number;
  /** Present when more waits than was counted: then `seconds` and `queuedBefore` are the least it can be. */
  readonly isLowerBound?: true;
}

/** Whom a notification goes to. */
export interface Addressed {
  /** The lane of each person who is named. */
  readonly laneIds: readonly number[];
  readonly isForEveryone: boolean;
  /** Everyone of this tenant only. */
  readonly tenantId: string | undefined;
  readonly priority: Priority;
}

/** Counting ends here: a million index entries a second are nothing to wait for. */
const MAX_COUNTED = 100_000;
/** A small count is exact each time; a large one costs time, and is believed for a while. */
const LARGE_COUNT = 100;
const BELIEVED_MS = 1_000;

/** Gives the function that estimates; to be asked before the notification's own deliveries are stored. */
export function createEstimator(
  { clock }: { readonly clock: Clock },
  maxCounted = MAX_COUNTED,
): (statements: Statements, addressed: Addressed) => Promise<Estimate> {
  const reach = createCountMemory(clock, totalOf);
  const waiting = createCountMemory(clock, Number);
  return async (statements, addressed) => {
    const { priority, tenantId } = addressed;
    const shares = addressed.isForEveryone
      ? await reach.recall(tenantId ?? '', () => statements.installations.countReachable(tenantId))
      : sharesOf(addressed.laneIds);
    let queuedBefore = 0;
    let waitMs = 0;
    let isLowerBound = await statements.notifications.hasOpenFanout();
    for (const { laneId, count } of shares) {
      const before = await waiting.recall(`${laneId} ${priority}`, () =>
        statements.lanes.countWaiting(laneId, priority, maxCounted),
      );
      queuedBefore += before;
      isLowerBound ||= before >= maxCounted;
      waitMs = Math.max(waitMs, await laneWaitMs(statements, { laneId, count: before + count }, clock.nowMs()));
    }
    const seconds = Math.ceil(waitMs / 1_000);
    return { recipients: totalOf(shares), seconds, queuedBefore, ...(isLowerBound && { isLowerBound }) };
  };
}

function sharesOf(laneIds: readonly number[]): readonly LaneCount[] {
  const shares = new Map<number, number>();
  for (const laneId of laneIds) {
    shares.set(laneId, (shares.get(laneId) ?? 0) + 1);
  }
  return Array.from(shares, ([laneId, count]) => ({ laneId, count }));
}

function totalOf(shares: readonly LaneCount[]): number {
  return shares.reduce((sum, { count }) => sum + count, 0);
}

async function laneWaitMs(statements: Statements, { laneId, count }: LaneCount, nowMs: number): Promise<number> {
  const { intervalUs, nextSlotUs, blockedUntilMs } = await statements.lanes.getPace(laneId);
  const startsInMs = Math.max(0, nextSlotUs / 1_000 - nowMs, blockedUntilMs - nowMs);
  return startsInMs + (count * intervalUs) / 1_000;
}

/** Remembers large counts for a moment, so that accepting stays cheap while very much waits. */
function createCountMemory<T>(clock: Clock, sizeOf: (value: T) => number) {
  const remembered = new Map<string, { readonly value: T; readonly atMs: number }>();
  return {
    async recall(key: string, count: () => Promise<T>): Promise<T> {
      const known = remembered.get(key);
      if (known && Math.abs(clock.nowMs() - known.atMs) < BELIEVED_MS) {
        return known.value;
      }
      const value = await count();
      remembered.delete(key);
      if (sizeOf(value) >= LARGE_COUNT) {
        remembered.set(key, { value, atMs: clock.nowMs() });
      }
      return value;
    },
  };
}
