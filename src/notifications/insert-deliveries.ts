// What a notification becomes in the queue: a delivery for everybody who is named, a broadcast for each audience.

import type { Statements } from '../store/store.ts';
import type { NotificationRequest } from './parse-notification.ts';
import type { Broadcast, ResolvedRecipient } from './resolve-recipients.ts';
import { fanoutScheduleOf, type TimedRecipient } from './schedule.ts';
import type { TakenEvent } from './take-event.ts';

/** What all deliveries of a notification have in common. */
export interface DeliveryContext {
  readonly notificationId: number;
  readonly request: NotificationRequest;
  readonly taken: TakenEvent | undefined;
  readonly nowMs: number;
}

/** One for each that is named. */
export async function insertDeliveries(
  tx: Statements,
  addressed: readonly TimedRecipient[],
  { notificationId, request, taken, nowMs }: DeliveryContext,
): Promise<void> {
  for (const { recipient, laneId, conversationId, dueAtMs = nowMs } of addressed) {
    const isEdit = taken?.showing.has(conversationId) ?? false;
    await tx.deliveries.insert({
      ...{ notificationId, laneId, conversationId, recipient, nowMs },
      priority: request.priority,
      expiresAtMs: dueAtMs + request.ttl,
      scheduledAtMs: dueAtMs > nowMs ? dueAtMs : undefined,
      dueAtMs: taken?.dueAtMs,
      lifecycleId: taken?.event.lifecycleId,
      operation: isEdit ? 'update' : 'post',
      isQuiet: isEdit,
      supersededFor: taken?.effect === 'none' ? 'older_event' : undefined,
    });
  }
}

interface FanoutContext extends Pick<DeliveryContext, 'notificationId' | 'request'> {
  /** People of this one only; of all when absent. */
  readonly tenantId: string | undefined;
}

/** One for each audience; it is turned into deliveries later, a part at a time. */
export async function startFanouts(
  tx: Statements,
  broadcasts: readonly Broadcast[],
  { notificationId, request, tenantId }: FanoutContext,
): Promise<void> {
  const schedule = fanoutScheduleOf(request, request.ttl);
  for (const { recipient, audience, audienceId } of withoutRepeats(broadcasts)) {
    const to = { recipient, audience, audienceId, tenantId: tenantId ?? null };
    await tx.notifications.startFanout({ notificationId, ...to, schedule });
  }
}

/** Each person, place and audience once. */
export function withoutRepeats<T extends Pick<ResolvedRecipient, 'sameAs'>>(resolved: readonly T[]): readonly T[] {
  return resolved.filter((one) => one.sameAs === undefined);
}
