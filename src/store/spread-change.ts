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
  await tx.locks.holdDeliveries(ids);
  // Read again: another process may have claimed one, or begun with it, until now.
  const rows = await messageChanges.list(ids);
  const steps = Map.groupBy(rows, (row) => decideChange(change.operation, row));
  await carryOut(tx, change, { steps, nowMs });
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

type Steps = ReadonlyMap<ChangeStep, readonly ChangeableRow[]>;

async function carryOut(
  { messageChanges }: Statements,
  { operation }: OpenChange,
  { steps, nowMs }: { readonly steps: Steps; readonly nowMs: number },
): Promise<void> {
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
}

function idsOf(steps: Steps, step: ChangeStep): readonly number[] {
  return (steps.get(step) ?? []).map(({ id }) => id);
}
