// Noting the signs that people give of messages without pressing anything: that they have read them, and their reactions.

import { assertNever } from '../domain/errors.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import type { Statements } from '../store/store.ts';

/** A sign that somebody has read a message, or what they think of it, in the transaction that records it. */
export interface Noticed {
  readonly tx: Statements;
  readonly nowMs: number;
  /** Row id of whoever gave it; undefined when Teams did not say who that was, or they are not known. */
  readonly personId: number | undefined;
  /** Row id of the conversation in which the message stands. */
  readonly conversationId: number;
  readonly event: Extract<InboundEvent, { kind: 'read' | 'reaction' }>;
}

/** What is noted. */
export interface NoticeOptions {
  /** Whether it is written down who has read what. */
  readonly recordsReads: boolean;
}

/** One receipt tells of no more messages than this: who opens the chat after months has not read all of them. */
const MAX_READ = 100;

/** Gives the function that notes them. It may be told the same sign more than once. */
export function createNotice({ recordsReads }: NoticeOptions): (noticed: Noticed) => Promise<void> {
  return async (noticed) => {
    const { event } = noticed;
    switch (event.kind) {
      case 'read':
        return recordsReads && event.scope === 'personal' ? noteRead(noticed, event.lastReadMessageId) : undefined;
      case 'reaction':
        return noteReaction(noticed, event);
      default:
        return assertNever(event);
    }
  };
}

/** Teams names the last message; everything before it was read with it. */
async function noteRead({ tx, nowMs, conversationId }: Noticed, activityId: string): Promise<void> {
  const ids = await tx.messageSigns.listUnread({ conversationId, activityId }, MAX_READ);
  if (ids.length > 0) {
    // Whoever changes them at this moment is waited for.
    await tx.locks.holdDeliveries(ids);
    await tx.messageSigns.markRead(ids, nowMs);
  }
}

async function noteReaction(
  { tx, nowMs, personId, conversationId }: Noticed,
  { messageId, added, removed }: Extract<InboundEvent, { kind: 'reaction' }>,
): Promise<void> {
  const message = { conversationId, activityId: messageId };
  const deliveryId = await tx.messageSigns.findShown(message);
  if (deliveryId === undefined || personId === undefined) {
    return;
  }
  for (const type of removed) {
    await tx.messageSigns.removeReaction(message, personId, type);
  }
  for (const type of added) {
    await tx.messageSigns.addReaction({ deliveryId, personId, type }, nowMs);
  }
}
