// From events to messages: one for each webhook that wants to be told.

import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';
import type { Store } from '../store/store.ts';

/** How many events share one transaction, and how many transactions there are before anything is sent again. */
const BATCH = 50;
const MAX_BATCHES = 20;

/** Turns events that wait into messages that are due at once. @returns whether there are more */
export async function expandEvents(store: Store, nowMs: () => number): Promise<boolean> {
  let batches = 0;
  while (await store.read.statusEvents.hasWaiting()) {
    if (batches >= MAX_BATCHES) {
      return true;
    }
    batches += 1;
    await store.write(async (tx) => {
      const events = await tx.statusEvents.takeWaiting(BATCH);
      const webhooks = await tx.webhookEndpoints.listEnabled([...new Set(events.map(({ producerId }) => producerId))]);
      const keys = events.flatMap((event) =>
        webhooks
          .filter((webhook) => webhook.producerId === event.producerId && wants(webhook, event.type))
          .map(({ id }) => ({ endpointId: id, eventId: event.id })),
      );
      await tx.webhookMessages.insert(keys, nowMs());
    });
  }
  return false;
}

function wants({ events }: WebhookRow, type: string): boolean {
  return events === null || events.some((wanted) => wanted === type);
}
