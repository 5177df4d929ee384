// Asking others, where nobody has acknowledged, answered or read in time what a notification asks.

import type { Clock } from '../domain/clock.ts';
import type { UnresolvedRecipient } from '../domain/recipient.ts';
import { askLock } from '../store/locks.ts';
import type { TimedAsk } from '../store/statements/ask-times.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Somebody who is asked instead. */
export interface Substitute {
  /** As the producer wrote it. */
  readonly recipient: string;
  /** Row ids. */
  readonly conversationId: number;
  readonly laneId: number;
}

/** Whom a producer named. */
export interface Named {
  readonly to: readonly string[];
  /** Row ids. */
  readonly producerId: number;
  readonly notificationId: number;
}

/** Finds the chats of those who are named, each once, and keeps in mind how those are called who have none. */
export type FindSubstitutes = (
  tx: Statements,
  named: Named,
) => Promise<{ readonly found: readonly Substitute[]; readonly unresolved: readonly UnresolvedRecipient[] }>;

/** What escalating takes. */
export interface EscalateDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly findSubstitutes: FindSubstitutes;
}

/** It is urgent to those who get it now as it was to the first ones; a day later somebody will have acted. */
const ESCALATION_TTL_MS = 24 * 3_600_000;

/**
 * Gives the notification to those who are to be asked then, once, whatever process dies on the way. It is the same
 * notification, so that their answers count for it and they see it as the others do.
 */
export async function escalate(deps: EscalateDeps, notificationId: number): Promise<void> {
  const { store, clock, logger, metrics } = deps;
  const result = await store.write((tx) => escalateOnce(tx, deps, { notificationId, nowMs: clock.nowMs() }));
  if (result) {
    const { publicId, reached, unresolved } = result;
    metrics.escalations.inc({ result: reached > 0 ? 'reached' : 'nobody' });
    const told = { notificationId: publicId, reached, unresolved };
    logger[reached > 0 ? 'info' : 'warn'](told, 'notification escalated');
    store.signalWork();
  }
}

interface Moment {
  readonly notificationId: number;
  readonly nowMs: number;
}

/** What came of it. */
interface Result {
  readonly publicId: string;
  readonly reached: number;
  readonly unresolved: number;
}

/** @returns undefined when nobody is to be asked */
async function escalateOnce(
  tx: Statements,
  { findSubstitutes }: EscalateDeps,
  { notificationId, nowMs }: Moment,
): Promise<Result | undefined> {
  await tx.locks.take(askLock(notificationId));
  const ask = await tx.askTimes.findTimed(notificationId);
  // Another process was faster.
  if (!ask || ask.escalateAtMs === null || ask.escalateAtMs > nowMs) {
    return undefined;
  }
  if (!isOpen(ask) || (await tx.askTimes.hasSign(notificationId))) {
    await tx.askTimes.dropEscalation(notificationId);
    return undefined;
  }
  const { publicId, producerId, escalateTo: to } = ask;
  const { found, unresolved } = await findSubstitutes(tx, { to, producerId, notificationId });
  const expiresAtMs = nowMs + ESCALATION_TTL_MS;
  const conversationIds = await giveTo(tx, found, { ask, nowMs, expiresAtMs });
  const listed = [...ask.unresolved, ...unresolved];
  await tx.askTimes.saveEscalation({ notificationId, conversationIds, unresolved: listed, nowMs, expiresAtMs });
  if (conversationIds.length > 0) {
    await tx.statusEvents.record({ type: 'notification.escalated', notificationId, nowMs });
  }
  return { publicId, reached: conversationIds.length, unresolved: unresolved.length };
}

function isOpen({ state, isOver, content }: TimedAsk): boolean {
  return state === 'open' && !isOver && content.kind !== 'erased';
}

interface Giving {
  readonly ask: TimedAsk;
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** @returns the conversations of those who had not got it before */
async function giveTo(
  tx: Statements,
  found: readonly Substitute[],
  { ask, nowMs, expiresAtMs }: Giving,
): Promise<readonly number[]> {
  const { notificationId, priority, lifecycle } = ask;
  const given: number[] = [];
  for (const { recipient, conversationId, laneId } of found) {
    const place = { notificationId, laneId, conversationId, recipient, lifecycleId: lifecycle?.id };
    if (await tx.deliveries.insert({ ...place, priority, nowMs, expiresAtMs })) {
      given.push(conversationId);
    }
  }
  return given;
}
