// What the bot itself has to say: the welcome and its answers.

import type { BotContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { Statements } from '../store/store.ts';

export type { BotVoice } from '../store/queue-as-bot.ts';

/** An answer that is older than this helps nobody; a welcome may wait for a day. */
const REPLY_TTL_MS = 15 * 60_000;
const WELCOME_TTL_MS = 24 * 3_600_000;

export interface BotMessage {
  readonly tx: Statements;
  /** Row id of the conversation. */
  readonly conversationId: number;
  readonly nowMs: number;
  readonly voice: BotVoice;
  readonly content: BotContent;
}

/** Queues one message of the bot, urgent: somebody is waiting for it. */
export async function queueBotMessage(message: BotMessage): Promise<void> {
  const { tx, conversationId, nowMs, voice, content } = message;
  const isWelcome = content.kind === 'welcome' || content.kind === 'placeWelcome';
  const ttlMs = isWelcome ? WELCOME_TTL_MS : REPLY_TTL_MS;
  const manner = { priority: 'urgent', isQuiet: !isWelcome, ttlMs } as const;
  await queueAsBot(tx, { voice, content, conversationIds: [conversationId], nowMs, ...manner });
}

/** Whom to welcome. */
export interface Welcomes extends Omit<BotMessage, 'conversationId' | 'content'> {
  /** Row ids of people who have a chat, be it one that was not opened yet. */
  readonly personIds: readonly number[];
}

/** Queues the welcome of people who did not ask for the bot: nobody waits for it. */
export async function queueWelcomes({ tx, personIds, nowMs, voice }: Welcomes): Promise<void> {
  if (personIds.length === 0) {
    return;
  }
  const message = { priority: 'bulk', nowMs, expiresAtMs: nowMs + WELCOME_TTL_MS } as const;
  const notificationId = await tx.notifications.insert({
    ...message,
    publicId: createNotificationId(nowMs, voice.randomBytes),
    producerId: voice.producerId,
    content: { kind: 'welcome' },
    unknownPolicy: 'resend',
    unresolved: [],
  });
  for (const chat of await tx.rosters.listChats(personIds)) {
    await tx.deliveries.insert({ ...message, ...chat, notificationId, recipient: null });
  }
}
