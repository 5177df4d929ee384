// A question to Teams is a request like any other: it takes a send slot of its lane.

import { type Clock, pause } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';

/** How often it is looked whether there is something to ask, if nobody says so. */
export const POLL_MS = 5_000;

/** A question waits no longer than this for its slot, and is not asked when its slot was missed by more than that. */
const MAX_WAIT_MS = 1_000;
const TOLERANCE_MS = 100;

/** @returns false when none was had, or the worker was stopped first */
export async function untilSlot(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  laneId: number,
  signal: AbortSignal,
): Promise<boolean> {
  const slotAtMs = await store.write((tx) => {
    const nowMs = clock.nowMs();
    return tx.queue.reserveSlot({ laneId, nowMs, earliestMs: nowMs, latestMs: nowMs + MAX_WAIT_MS });
  });
  if (slotAtMs === undefined) {
    return false;
  }
  await pause(clock, Math.min(slotAtMs - clock.nowMs(), MAX_WAIT_MS), signal);
  if (signal.aborted) {
    return false;
  }
  const { blockedUntilMs } = await store.read.lanes.getPace(laneId);
  const nowMs = clock.nowMs();
  // Also a slot from before the clock was set, either way.
  return Math.abs(nowMs - slotAtMs) <= TOLERANCE_MS && blockedUntilMs <= nowMs;
}
