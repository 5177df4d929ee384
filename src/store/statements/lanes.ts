// Statements on lanes: the send budgets of the app in each tenant.

import { type Kysely, type RawBuilder, sql } from 'kysely';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { slowDown } from '../../domain/pacing.ts';
import { atMost } from '../at-most.ts';
import { only, type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** What a lane is for, and its pace. */
export interface LaneKey {
  readonly appId: string;
  readonly tenantId: string;
  /** Distance of two send slots of a new lane, microseconds. */
  readonly intervalUs: number;
}

/** When a lane may send next, and how often. */
export interface LanePace {
  readonly intervalUs: number;
  /** Epoch microseconds. */
  readonly nextSlotUs: number;
  readonly blockedUntilMs: number;
}

/** What a delivery that is added to a lane now has before it. */
export interface LaneOutlook extends LanePace {
  readonly laneId: number;
  /** How many wait with its priority or a higher one, and not for a time that somebody has set. */
  readonly waiting: number;
}

/** What an outlook counts. */
export interface OutlookWish {
  readonly priority: Priority;
  /** Where counting stops, in each lane. */
  readonly max: number;
  readonly nowMs: number;
}

/** No pause lasts much longer than an hour: what is due later than this was scheduled, and is before nobody now. */
const AHEAD_MS = 2 * 3_600_000;

/** A statement has room for many more values, but need not be that long. */
const MAX_LISTED = 500;

/** Binds them to one connection. */
export function createLaneStatements(db: Kysely<Schema>) {
  const findPace = prepared(db, (place: Places<{ laneId: number }>) =>
    db
      .selectFrom('lane')
      .select(['interval_us as intervalUs', 'next_slot_us as nextSlotUs', 'blocked_until_ms as blockedUntilMs'])
      .where('id', '=', place('laneId')),
  );
  const findOutlook = prepared(db, (place: Places<{ laneId: number } & OutlookBounds<number>>) =>
    selectOutlooks(db, [place('laneId')], {
      priority: place('priority'),
      max: place('max'),
      dueUntilMs: place('dueUntilMs'),
    }),
  );

  const block = async (laneId: number, untilMs: number): Promise<void> => {
    await db
      .updateTable('lane')
      .set({ blocked_until_ms: untilMs })
      .where('id', '=', laneId)
      .where('blocked_until_ms', '<', untilMs)
      .execute();
  };

  /** After a 429: a lane that keeps meeting them goes slower. @param pauseMs 0 when only a conversation pauses */
  const slowDownLane = async (laneId: number, nowMs: number, pauseMs: number): Promise<void> => {
    const before = await db
      .selectFrom('lane')
      .select(['slow_factor as factor', 'slow_until_ms as untilMs'])
      .where('id', '=', laneId)
      .executeTakeFirstOrThrow();
    const { factor, untilMs } = slowDown(before, nowMs, pauseMs);
    await db
      .updateTable('lane')
      .set({ slow_factor: factor, slow_until_ms: untilMs })
      .where('id', '=', laneId)
      // Who comes second has met the same 429s: they count once.
      .where('slow_until_ms', '=', before.untilMs)
      .execute();
  };

  return {
    block,
    slowDown: slowDownLane,

    /** After a 429 that was about the whole lane: nothing goes out for so long, and then more slowly if it keeps meeting them. */
    async pause(laneId: number, nowMs: number, pauseMs: number): Promise<void> {
      await block(laneId, nowMs + pauseMs);
      await slowDownLane(laneId, nowMs, pauseMs);
    },

    /** @returns the lane's id; the interval of a known lane is set to the one given */
    async ensure(lane: LaneKey): Promise<number> {
      const row = await db
        .insertInto('lane')
        .values({ app_id: lane.appId, tenant_id: lane.tenantId, interval_us: lane.intervalUs })
        .onConflict((conflict) =>
          conflict.columns(['app_id', 'tenant_id']).doUpdateSet({ interval_us: lane.intervalUs }),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async getOfConversation(conversationId: number): Promise<number> {
      const row = await db
        .selectFrom('conversation')
        .select('lane_id')
        .where('id', '=', conversationId)
        .executeTakeFirstOrThrow();
      return row.lane_id;
    },

    async getPace(laneId: number): Promise<LanePace> {
      return only(await findPace({ laneId }));
    },

    /** In no order. */
    async listOutlooks(
      laneIds: readonly number[],
      { priority, max, nowMs }: OutlookWish,
    ): Promise<readonly LaneOutlook[]> {
      const bounds = { priority: PRIORITIES.indexOf(priority), max, dueUntilMs: nowMs + AHEAD_MS };
      const [laneId, ...others] = laneIds;
      if (laneId !== undefined && others.length === 0) {
        return findOutlook({ laneId, ...bounds });
      }
      const outlooks = [];
      for (let from = 0; from < laneIds.length; from += MAX_LISTED) {
        const part = laneIds.slice(from, from + MAX_LISTED);
        outlooks.push(...(await selectOutlooks(db, part, bounds).execute()));
      }
      return outlooks;
    },
  };
}

type Value = number | RawBuilder<number>;

interface OutlookBounds<T> {
  readonly priority: T;
  readonly max: T;
  readonly dueUntilMs: T;
}

function selectOutlooks(
  db: Kysely<Schema>,
  laneIds: readonly Value[],
  { priority, max, dueUntilMs }: OutlookBounds<Value>,
) {
  const waiting = db
    .selectFrom('delivery')
    .select('delivery.priority')
    // Written out, because the partial index is chosen by this very text.
    .where(sql<boolean>`delivery.state = 'queued'`)
    .where(sql<boolean>`delivery.lane_id = lane.id`)
    .where('delivery.priority', '<=', priority)
    .where('delivery.due_at_ms', '<=', dueUntilMs)
    .limit(atMost(max))
    .as('waiting');
  const count = db.selectFrom(waiting).select(({ fn }) => fn.countAll<number>().as('count'));
  return db
    .selectFrom('lane')
    .select([
      'id as laneId',
      'interval_us as intervalUs',
      'next_slot_us as nextSlotUs',
      'blocked_until_ms as blockedUntilMs',
      sql<number>`${count}`.as('waiting'),
    ])
    .where('id', 'in', laneIds);
}
