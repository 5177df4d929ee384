// Carrying an edit or a recall to the deliveries of its notification, a part at a time.

import { CHANGE_TTL_MS, type ChangeStep, decideChange } from '../domain/message-change.ts';
import type { ChangeableRow } from './statements/message-changes.ts';
import type { OpenChange } from './statements/open-changes.ts';
import type { Statements } from './store.ts';

/** How many deliveries share one transaction. */
export const CHANGE_PART = 200;

/** What became of a part. */
export interface SpreadPart {
  /** Whether all deliveries have been reached. */
  readonly isDone: boolean;
  /** Whether only deliveries are left that are on their way at this moment. */
  readonly isWaiting: boolean;
  readonly queued: number;
}

/**
 * Reaches the next deliveries of a notification; what is on its way is looked at again with every later part.
 *
 * @param change as it stands in the store at this moment
 */
export async function spreadChange(tx: Statements, change: OpenChange, nowMs: number): Promise<SpreadPart> {
  const { messageChanges, openChanges } = tx;
  const part = await messageChanges.listPart(change.notificationId, change.cursor, CHANGE_PART);
  const ids = [...change.late, ...part.map(({ id }) => id)];
  const steps = await reach(tx, ids, { operation: change.operation, nowMs });
  const cursor = part.at(-1)?.conversationId ?? change.cursor;
  const stillLate = idsOf(steps, 'later');
  const isLast = part.length < CHANGE_PART;
  if (isLast && stillLate.length === 0) {
    await openChanges.finish(change);
  } else {
    await openChanges.move({ ...change, cursor, late: stillLate });
  }
  return {
    isDone: isLast && stillLate.length === 0,
    isWaiting: isLast && stillLate.length > 0,
    queued: idsOf(steps, 'queue').length,
  };
}

/** What is to be done, and when. */
export interface Changing {
  readonly operation: OpenChange['operation'];
  readonly nowMs: number;
}

/** Reaches some deliveries of a notification at once; what is on its way stays as it is. */
export async function spreadTo(tx: Statements, deliveryIds: readonly number[], changing: Changing): Promise<void> {
  for (let at = 0; at < deliveryIds.length; at += CHANGE_PART) {
    await reach(tx, deliveryIds.slice(at, at + CHANGE_PART), changing);
  }
}

type Steps = ReadonlyMap<ChangeStep, readonly ChangeableRow[]>;

async function reach(tx: Statements, ids: readonly number[], { operation, nowMs }: Changing): Promise<Steps> {
  const { messageChanges } = tx;
  await tx.locks.holdDeliveries(ids);
  // Read again: another process may have claimed one, or begun with it, until now.
  const rows = await messageChanges.list(ids);
  const steps = Map.groupBy(rows, (row) => decideChange(operation, row));
  const [queue, giveBack, cancel] = [idsOf(steps, 'queue'), idsOf(steps, 'give_back'), idsOf(steps, 'cancel')];
  if (queue.length > 0) {
    await messageChanges.queue(queue, operation, { nowMs, expiresAtMs: nowMs + CHANGE_TTL_MS });
  }
  if (giveBack.length > 0) {
    await messageChanges.giveBack(giveBack);
  }
  if (cancel.length > 0) {
    await messageChanges.cancel(cancel, nowMs);
  }
  return steps;
}

function idsOf(steps: Steps, step: ChangeStep): readonly number[] {
  return (steps.get(step) ?? []).map(({ id }) => id);
}
