// When a scheduled notification is due for whom. Pure.

import { instantFor, instantsOnEarth } from '../domain/local-time.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import type { FanoutSchedule } from '../store/statements/fanouts.ts';
import type { ScheduleWish } from './parse-schedule.ts';
import type { Broadcast, Resolution, ResolvedRecipient } from './resolve-recipients.ts';

const DEFAULT_ZONE = 'UTC';
/** Clocks differ a little, and a request takes a moment: so long ago still means now. */
const PAST_GRACE_MS = 60_000;
const MAX_DAYS_AHEAD = 366;
const DAY_MS = 24 * 3_600_000;

/** From the first to the last instant at which somebody is to have it, epoch milliseconds. */
export interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The times of a request. */
export interface Times extends ScheduleWish {
  /** Epoch milliseconds. */
  readonly occurredAt?: number | undefined;
}

/**
 * @throws AppError `invalid_request` for a time that is past for everybody on earth, or too far ahead for somebody, and
 *   for something that has not happened yet
 */
export function requireTimely({ at, occurredAt }: Times, nowMs: number): void {
  if (occurredAt !== undefined && occurredAt > nowMs + LIMITS.maxAheadMs) {
    const detail = `Expected an instant that has come; by the clock of this service it is ${new Date(nowMs).toISOString()}`;
    throw faultyRequest('notification', [{ pointer: '/occurredAt', detail }]);
  }
  if (at === undefined) {
    return;
  }
  const { lastMs } = spanOnEarth(at);
  const detail =
    lastMs < nowMs - PAST_GRACE_MS
      ? 'Expected a time to come; this one is past everywhere. Leave it out to send at once'
      : lastMs > nowMs + MAX_DAYS_AHEAD * DAY_MS
        ? `Expected a time at most ${MAX_DAYS_AHEAD} days ahead`
        : undefined;
  if (detail !== undefined) {
    throw faultyRequest('notification', [{ pointer: '/at', detail }]);
  }
}

/**
 * When somebody is to have it: now when that is past.
 *
 * @param timeZone where they are; null when nobody knows
 * @returns undefined without a schedule: at once
 */
export function dueAtMsFor(wish: ScheduleWish, timeZone: string | null, nowMs: number): number | undefined {
  const { at, timeZone: fallback = DEFAULT_ZONE } = wish;
  return at && Math.max(nowMs, at.kind === 'instant' ? at.atMs : instantFor(at.localAt, timeZone, fallback));
}

/** When all of an audience are to have it; undefined without a schedule, and where that depends on the zone of each. */
function broadcastDueAtMs({ at }: ScheduleWish, nowMs: number): number | undefined {
  return at?.kind === 'instant' ? Math.max(nowMs, at.atMs) : undefined;
}

/** Over all people whom it goes to. @param dueAtMs when those who are named are to have it */
export function spanOf(
  { at }: ScheduleWish,
  { dueAtMs, isBroadcast }: { readonly dueAtMs: readonly number[]; readonly isBroadcast: boolean },
  nowMs: number,
): Span | undefined {
  if (at === undefined) {
    return undefined;
  }
  const { firstMs, lastMs } = spanOnEarth(at);
  const instants = [...dueAtMs, ...(isBroadcast ? [Math.max(nowMs, firstMs), Math.max(nowMs, lastMs)] : [])];
  return { firstMs: Math.min(...instants), lastMs: Math.max(...instants) };
}

/** Somebody who is reached, and when. */
export interface TimedRecipient extends ResolvedRecipient {
  /** Undefined without a schedule. */
  readonly dueAtMs: number | undefined;
}

/** What the schedule means for those who are reached. */
export interface Plan {
  readonly timed: readonly TimedRecipient[];
  /** The entries that mean many people, and when they are due where it is the same for all. */
  readonly broadcasts: readonly (Broadcast & Pick<TimedRecipient, 'dueAtMs'>)[];
  /** The first instant at which somebody is to have it; now without a schedule. */
  readonly startsAtMs: number;
  /** When the last of it expires. */
  readonly expiresAtMs: number;
}

/** Whom it reaches when. */
export function toPlan(
  { resolved, broadcasts }: Pick<Resolution, 'resolved' | 'broadcasts'>,
  wish: ScheduleWish & { readonly ttl: number },
  nowMs: number,
): Plan {
  const timed = resolved.map((one): TimedRecipient => ({ ...one, dueAtMs: dueAtMsFor(wish, one.timeZone, nowMs) }));
  const dueAtMs = timed.flatMap((one) => one.dueAtMs ?? []);
  const span = spanOf(wish, { dueAtMs, isBroadcast: broadcasts.length > 0 }, nowMs);
  return {
    timed,
    broadcasts: broadcasts.map((one) => ({ ...one, dueAtMs: broadcastDueAtMs(wish, nowMs) })),
    startsAtMs: span?.firstMs ?? nowMs,
    expiresAtMs: (span?.lastMs ?? nowMs) + wish.ttl,
  };
}

/** When a broadcast is to be turned into deliveries, and when those are due; undefined without a schedule. */
export function fanoutScheduleOf(
  { at, timeZone = DEFAULT_ZONE }: ScheduleWish,
  ttlMs: number,
): FanoutSchedule | undefined {
  return (
    at && {
      startsAtMs: spanOnEarth(at).firstMs,
      ttlMs,
      ...(at.kind === 'local' && { local: { localAt: at.localAt, timeZone } }),
    }
  );
}

function spanOnEarth(at: NonNullable<ScheduleWish['at']>): Span {
  return at.kind === 'instant' ? { firstMs: at.atMs, lastMs: at.atMs } : instantsOnEarth(at.localAt);
}
