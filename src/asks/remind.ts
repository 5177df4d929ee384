// Reminding those who have not answered what a notification asks.

import type { Clock } from '../domain/clock.ts';
import type { BotContent } from '../domain/notification.ts';
import { askLock } from '../store/locks.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { TimedAsk } from '../store/statements/ask-times.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** What reminding takes. */
export interface RemindDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly voice: BotVoice;
  /** How many people share one transaction; `REMIND_BATCH` when absent. */
  readonly batch?: number;
}

/** Nobody is reminded of the same thing more often. */
export const MAX_REMINDERS = 3;

const REMIND_BATCH = 500;

/** Whoever has quiet hours gets it after them. */
const REMINDER_TTL_MS = 24 * 3_600_000;

/** What became of a part. */
interface RemindedPart {
  readonly reminded: number;
  /** Whether there is another part of the same time. */
  readonly hasMore: boolean;
}

const NOTHING: RemindedPart = { reminded: 0, hasMore: false };

/**
 * Reminds all whom a notification waits for, a part in each transaction: whoever goes on after a process has died begins
 * where that one ended, and several processes remind everybody once.
 */
export async function remindOf(deps: RemindDeps, notificationId: number, signal: AbortSignal): Promise<void> {
  const { store, clock, metrics } = deps;
  for (let hasMore = true; hasMore && !signal.aborted; ) {
    const part = await store.write((tx) => remindPart(tx, deps, { notificationId, nowMs: clock.nowMs() }));
    ({ hasMore } = part);
    if (part.reminded > 0) {
      metrics.reminders.inc(part.reminded);
      store.signalWork();
    }
  }
}

interface Moment {
  readonly notificationId: number;
  readonly nowMs: number;
}

async function remindPart(tx: Statements, deps: RemindDeps, { notificationId, nowMs }: Moment): Promise<RemindedPart> {
  await tx.locks.take(askLock(notificationId));
  const ask = await tx.askTimes.findTimed(notificationId);
  // Another process was faster.
  if (!ask || ask.remindAtMs === null || ask.remindAtMs > nowMs) {
    return NOTHING;
  }
  const content = reminderOf(ask);
  if (!content || ask.remindMs === null) {
    await tx.askTimes.endReminders(notificationId, { reminders: ask.reminders, nextAtMs: null });
    return NOTHING;
  }
  const { batch: limit = REMIND_BATCH } = deps;
  // Of those who got it late, not long before the others are reminded.
  const sentUntilMs = nowMs - ask.remindMs / 2;
  const readers = await tx.askTimes.listReaders({ notificationId, after: ask.remindCursor, limit, sentUntilMs });
  const conversationIds = readers.filter((reader) => reader.isWaitedFor).map((reader) => reader.conversationId);
  await queueReminder(tx, { ask, content, conversationIds, voice: deps.voice, nowMs });
  const last = readers.at(-1)?.conversationId;
  const hasMore = readers.length === limit && last !== undefined;
  await (hasMore
    ? tx.askTimes.moveReminders(notificationId, last)
    : endTime(tx, { ask, remindMs: ask.remindMs, nowMs }));
  return { reminded: conversationIds.length, hasMore };
}

/** @returns undefined where there is nothing to remind of any more */
function reminderOf({ content, state, isOver, reminders, publicId, lifecycle }: TimedAsk): BotContent | undefined {
  if (state !== 'open' || isOver || reminders >= MAX_REMINDERS || content.kind !== 'event' || !content.ask) {
    return undefined;
  }
  const { title, source, ask } = content;
  const key = lifecycle && { key: lifecycle.key };
  return { kind: 'reminder', notification: publicId, title, source, ask, ...key };
}

interface NewPart {
  readonly ask: TimedAsk;
  readonly content: BotContent;
  readonly conversationIds: readonly number[];
  readonly voice: BotVoice;
  readonly nowMs: number;
}

async function queueReminder(tx: Statements, { ask, content, conversationIds, voice, nowMs }: NewPart): Promise<void> {
  if (conversationIds.length > 0) {
    const manner = { priority: ask.priority, isQuiet: false, ttlMs: REMINDER_TTL_MS } as const;
    const notificationId = await queueAsBot(tx, { voice, content, conversationIds, nowMs, ...manner });
    await tx.askTimes.insertReminder({ notificationId, askId: ask.notificationId, number: ask.reminders + 1 });
  }
}

interface EndedTime {
  readonly ask: TimedAsk;
  readonly remindMs: number;
  readonly nowMs: number;
}

/** A time at which nobody had got it yet does not count. */
async function endTime(tx: Statements, { ask, remindMs, nowMs }: EndedTime): Promise<void> {
  const { notificationId, reminders } = ask;
  const counts =
    (await tx.askTimes.hasReminded(notificationId, reminders + 1)) || !(await tx.askTimes.isComing(notificationId));
  const done = reminders + (counts ? 1 : 0);
  const nextAtMs = done < MAX_REMINDERS ? nowMs + remindMs : null;
  await tx.askTimes.endReminders(notificationId, { reminders: done, nextAtMs });
}
