// What the bot itself has to say, queued like every other delivery: the welcome and its answers.

import type { BotContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import type { Statements } from '../store/store.ts';

/** Under whose name the bot speaks. */
export interface BotVoice {
  readonly producerId: number;
  readonly randomBytes: (size: number) => Uint8Array;
}

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
  const laneId = await tx.lanes.getOfConversation(conversationId);
  const expiresAtMs = nowMs + (content.kind === 'welcome' ? WELCOME_TTL_MS : REPLY_TTL_MS);
  const notificationId = await tx.notifications.insert({
    publicId: createNotificationId(nowMs, voice.randomBytes),
    producerId: voice.producerId,
    content,
    priority: 'urgent',
    // A person who asks twice gets two answers; a lost answer is worse than a second one.
    unknownPolicy: 'resend',
    unresolved: [],
    nowMs,
    expiresAtMs,
  });
  await tx.deliveries.insert({
    notificationId,
    laneId,
    conversationId,
    recipient: null,
    priority: 'urgent',
    isQuiet: content.kind !== 'welcome',
    nowMs,
    expiresAtMs,
  });
}

export interface HeardMessage extends Omit<BotMessage, 'content'> {
  readonly text: string;
  /** What a pressed button carried. */
  readonly value: unknown;
}

/** Everything that people write gets a useful answer. */
export async function answerMessage({ text, value, ...rest }: HeardMessage): Promise<void> {
  await queueBotMessage({ ...rest, content: chooseAnswer(text, value) });
}

/** Greetings, and the word for help in every language that the bot speaks, as `toWord` gives them. */
const HELP_WORDS: ReadonlySet<string> = new Set([
  ...['hi', 'hello', 'hey', 'help', '/help', '?', '؟'],
  ...['hallo', 'hilfe'],
  ...['hola', 'ayuda'],
  ...['bonjour', 'salut', 'aide'],
  ...['こんにちは', 'ヘルプ'],
  ...['مرحبا', 'مساعدة', 'مساعده', 'المساعدة'],
]);

/** In UTF-16 units; whoever writes more has written more than a word. */
const MAX_WORD_LENGTH = 32;

/** Pure. */
export function chooseAnswer(text: string, value: unknown): BotContent {
  if (value !== undefined) {
    return isHelpButton(value) ? { kind: 'help' } : { kind: 'retiredButton' };
  }
  const word = toWord(text);
  return HELP_WORDS.has(word) ? { kind: 'help' } : { kind: 'help', isConfused: true };
}

/** A word as people mean it: whatever its case, the width of its letters, its quotes, its vowel signs and what ends it. */
function toWord(text: string): string {
  const word = text.trim();
  return word.length > MAX_WORD_LENGTH
    ? ''
    : word
        .normalize('NFKC')
        .toLowerCase()
        .replace(/^[¡¿«„“"「' ]+|[\u064b-\u0652\u0640]/g, '')
        .replace(/(?<=.)[.!?。؟»“”"」' ]+$/, '');
}

function isHelpButton(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'bellhop' in value && value.bellhop === 'help';
}
