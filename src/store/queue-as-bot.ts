// Queueing what the bot itself says, like every other delivery.

import type { BotContent, Priority } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import type { Statements } from './store.ts';

/** Under whose name the bot speaks. */
export interface BotVoice {
  readonly producerId: number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** One thing that the bot says, in one conversation or in several. */
export interface BotUtterance {
  readonly voice: BotVoice;
  readonly content: BotContent;
  /** Row ids, each once. */
  readonly conversationIds: readonly number[];
  readonly priority: Priority;
  /** No notification to the person: an answer to what they wrote. */
  readonly isQuiet: boolean;
  readonly ttlMs: number;
  readonly nowMs: number;
}

/** @returns the row id of the notification */
export async function queueAsBot(tx: Statements, utterance: BotUtterance): Promise<number> {
  const { voice, content, conversationIds, priority, isQuiet, ttlMs, nowMs } = utterance;
  const expiresAtMs = nowMs + ttlMs;
  const notificationId = await tx.notifications.insert({
    publicId: createNotificationId(nowMs, voice.randomBytes),
    producerId: voice.producerId,
    content,
    priority,
    // A second message is better than a lost one.
    unknownPolicy: 'resend',
    unresolved: [],
    nowMs,
    expiresAtMs,
  });
  for (const conversationId of conversationIds) {
    const laneId = await tx.lanes.getOfConversation(conversationId);
    const place = { notificationId, laneId, conversationId, recipient: null };
    await tx.deliveries.insert({ ...place, priority, isQuiet, nowMs, expiresAtMs });
  }
  return notificationId;
}
