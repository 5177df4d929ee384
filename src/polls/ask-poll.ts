// Asking a poll in a channel or group chat, by a mention of the bot.

import type { BotAnswer } from '../domain/bot-answer.ts';
import { AppError } from '../domain/errors.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import { nextTimeOfDayMs } from '../domain/judge-preferences.ts';
import { existingZone } from '../domain/local-time.ts';
import { POLL_LIMITS, type Poll } from '../domain/poll.ts';
import { createPollId } from '../domain/poll-id.ts';
import type { Sealer } from '../domain/seal.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { Statements } from '../store/store.ts';
import { withoutRemoved } from '../store/without-removed.ts';
import { parsePoll, type WrittenPoll } from './parse-poll.ts';
import { resultContent } from './show-end.ts';
import { storePoll } from './store-poll.ts';

/** What asking takes. */
export interface AskingParts extends BotVoice {
  readonly sealer: Pick<Sealer, 'seal'>;
  /** IANA; where those are whose own zone nobody knows. */
  readonly defaultTimeZone: string;
}

/** Somebody wrote `poll`, in the transaction that records it. */
export interface HeardPoll {
  readonly tx: Statements;
  readonly event: Extract<InboundEvent, { kind: 'message' }>;
  readonly nowMs: number;
  /** Row id of whoever wrote; undefined when Teams did not say who that was. */
  readonly personId: number | undefined;
  /** Row id of the conversation where the poll goes: the thread, or the group chat. */
  readonly conversationId: number;
}

const HOUR_MS = 3_600_000;
const TTL_MS = 24 * HOUR_MS;

/** @returns what is wrong with it; undefined when it was asked */
export async function askPoll(parts: AskingParts, heard: HeardPoll): Promise<BotAnswer | undefined> {
  const { event, personId } = heard;
  // In a 1:1 chat there is nobody else to ask.
  const parsed = event.scope === 'personal' ? USAGE : parsePoll(event.text);
  switch (parsed.kind) {
    case 'usage':
      return { kind: 'pollUsage' };
    case 'tooLong':
      return parsed;
    case 'poll':
      return personId === undefined
        ? { kind: 'unknownPerson' }
        : ask(parts, { ...heard, personId, written: parsed.poll });
  }
}

const USAGE = { kind: 'usage' } as const;

interface Asking extends HeardPoll {
  readonly personId: number;
  readonly written: WrittenPoll;
}

async function ask(parts: AskingParts, asking: Asking): Promise<BotAnswer | undefined> {
  const { tx, nowMs, personId, conversationId, written } = asking;
  if (written.isAnonymous && !canSeal(parts.sealer)) {
    return { kind: 'pollNotAnonymous' };
  }
  await tx.locks.take(`polls of person ${personId}`);
  const { askedPerHour } = POLL_LIMITS;
  if ((await tx.pollCards.countAskedSince(personId, nowMs - HOUR_MS)) >= askedPerHour) {
    return { kind: 'pollLimit', perHour: askedPerHour };
  }
  const poll = await toPoll(parts, asking);
  const publicId = createPollId(nowMs, parts.randomBytes);
  const notificationId = await queueAsBot(tx, {
    ...{ voice: parts, content: { kind: 'poll', view: { id: publicId, poll } }, nowMs, ttlMs: TTL_MS },
    ...{ conversationIds: [conversationId], priority: 'normal', isQuiet: false },
  });
  const stored = await storePoll(tx, { ...parts, poll, publicId, askerPersonId: personId, notificationId, nowMs });
  const chatId = await findAskersChat(asking);
  if (chatId !== undefined) {
    const resultId = await queueAsBot(tx, {
      ...{ voice: parts, content: resultContent(publicId, poll), nowMs, ttlMs: TTL_MS },
      ...{ conversationIds: [chatId], priority: 'normal', isQuiet: true },
    });
    await tx.pollCards.setResult(stored.id, resultId);
  }
  return undefined;
}

/** Asked beforehand, because what was recorded of the message until then is to stay. */
function canSeal(sealer: AskingParts['sealer']): boolean {
  try {
    sealer.seal('', '');
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'encryption_key_missing') {
      return false;
    }
    throw error;
  }
}

async function toPoll({ defaultTimeZone }: AskingParts, { tx, personId, nowMs, written }: Asking): Promise<Poll> {
  const { end, ...poll } = written;
  if (!end) {
    return poll;
  }
  if (end.kind === 'for') {
    return { ...poll, closesAtMs: nowMs + end.ms };
  }
  const timeZone = existingZone(await tx.preferences.findTimeZone(personId), defaultTimeZone);
  return { ...poll, closesAtMs: nextTimeOfDayMs(end.minute, { nowMs, timeZone }) };
}

/** Where the results go; it is opened with them when it was not yet. Whoever has removed the bot is not written to. */
async function findAskersChat({ tx, event, personId, conversationId, nowMs }: Asking): Promise<number | undefined> {
  await tx.locks.take(PEOPLE_LOCK);
  const ids = (await tx.tells.findPerson(personId))?.ids;
  const { tenantId, serviceUrl, botAccountId } = event.conversation;
  const [present] = ids ? await withoutRemoved(tx, [{ profile: { tenantId, ...ids } }]) : [];
  if (!present) {
    return undefined;
  }
  const laneId = await tx.lanes.getOfConversation(conversationId);
  await tx.rosters.prepareChats([personId], { laneId, serviceUrl, botAccountId, nowMs });
  return (await tx.conversations.findByPerson(personId))?.id;
}
