// How long a notification will take: told with the 202, from what is known at that moment.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import type { Priority } from '../domain/notification.ts';
import type { FanoutAudience } from '../store/statements/fanouts.ts';
import type { LaneCount } from '../store/statements/installations.ts';
import type { LaneOutlook } from '../store/statements/lanes.ts';
import type { Statements } from '../store/store.ts';

/** What a producer is told. It is a forecast: pauses that Teams asks for and chats to be opened make it longer. */
export const estimateOfNotification = z
  .object({
    recipients: quantity.describe('How many people and places at most; who is in several audiences counts in each.'),
    seconds: quantity.describe('Until the last one has gone out, rounded up.'),
    queuedBefore: quantity.describe('Deliveries of the same or a higher priority that wait before it.'),
    isLowerBound: z
      .literal(true)
      .optional()
      .describe('Present when more waits than was counted: then it takes at least so long.'),
  })
  .meta({
    id: 'Estimate',
    description: 'A forecast: pauses that Teams asks for and chats that have to be opened make it longer.',
  });
export type Estimate = AnswerOf<typeof estimateOfNotification>;

/** Whom a notification goes to. */
export interface Addressed {
  /** The lane of each person and place that is named. */
  readonly laneIds: readonly number[];
  /** Who is in several counts in each. */
  readonly audiences: readonly FanoutAudience[];
  /** People of this tenant only. */
  readonly tenantId: string | undefined;
  readonly priority: Priority;
  /** Whether it goes later: what waits now is gone by then, and the seconds are counted from its own beginning. */
  readonly isScheduled?: boolean;
}

/** Counting ends here: a million index entries a second are nothing to wait for. */
const MAX_COUNTED = 100_000;
/** A small count is exact each time; a large one costs time, and is believed for a while. */
const LARGE_COUNT = 100;
const BELIEVED_MS = 1_000;

/** Tells what to expect. */
export interface Estimator {
  /** To be asked before the notification's own deliveries are stored. */
  estimate(statements: Statements, addressed: Addressed): Promise<Estimate>;
  /** Counts whom broadcasts reach, if they are many, before the transaction that would have to wait for it. */
  lookAhead(statements: Statements, audiences: readonly FanoutAudience[], tenantId: string | undefined): Promise<void>;
}

/** Gives the estimator; it remembers large counts for a second. */
export function createEstimator({ clock }: { readonly clock: Clock }, maxCounted = MAX_COUNTED): Estimator {
  const reach = createMemory<readonly LaneCount[]>(clock);
  const waiting = createMemory<number>(clock);

  const readReach = async (statements: Statements, to: FanoutAudience, tenantId: string | undefined) => {
    const key = `${to.audience} ${to.audienceId} ${tenantId ?? ''}`;
    const known = reach.recall(key);
    const shares = known ?? (await countReachable(statements, to, tenantId));
    if (known === undefined && totalOf(shares) >= LARGE_COUNT) {
      reach.keep(key, shares);
    }
    return shares;
  };

  /** Lanes whose count is remembered are not counted again. */
  const readOutlooks = async ({ lanes }: Statements, laneIds: readonly number[], priority: Priority) => {
    const known = new Map(laneIds.map((laneId) => [laneId, waiting.recall(`${laneId} ${priority}`)]));
    const isKnown = (laneId: number) => known.get(laneId) !== undefined;
    const wish = { priority, max: maxCounted, nowMs: clock.nowMs() };
    const counted = await lanes.listOutlooks(
      laneIds.filter((laneId) => !isKnown(laneId)),
      wish,
    );
    for (const { laneId, waiting: count } of counted) {
      if (count >= LARGE_COUNT) {
        waiting.keep(`${laneId} ${priority}`, count);
      }
    }
    const others = await lanes.listOutlooks(laneIds.filter(isKnown), { ...wish, max: 0 });
    return [...counted, ...others.map((outlook) => ({ ...outlook, waiting: known.get(outlook.laneId) ?? 0 }))];
  };

  /** Nothing is before what goes later. */
  const readLaterOutlooks = async ({ lanes }: Statements, laneIds: readonly number[], priority: Priority) => {
    const outlooks = await lanes.listOutlooks(laneIds, { priority, max: 0, nowMs: clock.nowMs() });
    return outlooks.map((outlook) => ({ ...outlook, nextSlotUs: 0, blockedUntilMs: 0 }));
  };

  const estimate: Estimator['estimate'] = async (statements, addressed) => {
    const { priority, tenantId, isScheduled = false } = addressed;
    const shares = addressed.laneIds.map((laneId): LaneCount => ({ laneId, count: 1 }));
    for (const audience of addressed.audiences) {
      shares.push(...(await readReach(statements, audience, tenantId)));
    }
    const nowMs = clock.nowMs();
    const hasOpenFanout = !isScheduled && (await statements.notifications.hasOpenFanout(nowMs));
    const counts = byLane(shares);
    const read = isScheduled ? readLaterOutlooks : readOutlooks;
    const outlooks = await read(statements, [...counts.keys()], priority);
    const waits = outlooks.map((outlook) => waitMsOf(outlook, counts.get(outlook.laneId) ?? 0, nowMs));
    return {
      recipients: totalOf(shares),
      seconds: Math.ceil(waits.reduce((left, right) => Math.max(left, right), 0) / 1_000),
      queuedBefore: outlooks.reduce((sum, { waiting: before }) => sum + before, 0),
      ...((hasOpenFanout || outlooks.some(({ waiting: before }) => before >= maxCounted)) && { isLowerBound: true }),
    };
  };

  return {
    estimate,
    async lookAhead(statements, audiences, tenantId) {
      for (const audience of audiences) {
        await readReach(statements, audience, tenantId);
      }
    },
  };
}

/** Until the last of `count` more has gone out. */
function waitMsOf(
  { intervalUs, nextSlotUs, blockedUntilMs, waiting }: LaneOutlook,
  count: number,
  nowMs: number,
): number {
  const startsInMs = Math.max(0, nextSlotUs / 1_000 - nowMs, blockedUntilMs - nowMs);
  return startsInMs + ((waiting + count) * intervalUs) / 1_000;
}

function countReachable(
  { installations, places }: Statements,
  { audience, audienceId }: FanoutAudience,
  tenantId: string | undefined,
): Promise<readonly LaneCount[]> {
  return audience === 'everyone'
    ? installations.countReachable(tenantId)
    : places.countListed({ audience, audienceId }, tenantId);
}

function byLane(shares: readonly LaneCount[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { laneId, count } of shares) {
    counts.set(laneId, (counts.get(laneId) ?? 0) + count);
  }
  return counts;
}

function totalOf(shares: readonly LaneCount[]): number {
  return shares.reduce((sum, { count }) => sum + count, 0);
}

/** Remembers large counts for a moment, so that accepting stays cheap while very much waits. */
function createMemory<T>(clock: Clock) {
  const remembered = new Map<string, { readonly value: T; readonly atMs: number }>();
  return {
    recall(key: string): T | undefined {
      const known = remembered.get(key);
      if (known && Math.abs(clock.nowMs() - known.atMs) < BELIEVED_MS) {
        return known.value;
      }
      remembered.delete(key);
      return undefined;
    },
    keep(key: string, value: T): void {
      remembered.set(key, { value, atMs: clock.nowMs() });
    },
  };
}
