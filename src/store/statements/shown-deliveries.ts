// A delivery as its producer may see it: which columns, and what they become.

import type { DeliveryState, MessageOperation } from '../../domain/delivery.ts';

/** A delivery as its producer may see it. */
export interface DeliveryRow {
  readonly id: number;
  readonly recipient: string | null;
  readonly state: DeliveryState;
  readonly operation: MessageOperation;
  /** Whether its message is in the chat. */
  readonly isShown: boolean;
  readonly reason: string | null;
  readonly updatedAtMs: number;
  /** When it is sent, or tried again, while it is queued. */
  readonly dueAtMs: number;
  /** When it was to become due; null when that was at once. */
  readonly scheduledAtMs: number | null;
  /** When Teams said that its reader had read it; null when it did not. */
  readonly readAtMs: number | null;
}

/** What a delivery's producer may see of it. */
export const SHOWN_COLUMNS = [
  'id',
  'recipient',
  'state',
  'operation',
  'reason',
  'activity_id as activityId',
  'updated_at_ms as updatedAtMs',
  'due_at_ms as dueAtMs',
  'scheduled_at_ms as scheduledAtMs',
  'read_at_ms as readAtMs',
] as const;

/** From those columns. */
export function toDeliveryRow({
  activityId,
  ...row
}: Omit<DeliveryRow, 'isShown'> & { readonly activityId: string | null }): DeliveryRow {
  return { ...row, isShown: activityId !== null };
}
