// Statements on messages that wait because their person wants it so, and on those that are told by a digest.

import { type Kysely, sql } from 'kysely';
import { PRIORITIES, type Priority, type StoredContent, type UnknownPolicy } from '../../domain/notification.ts';
import { DEFER_REASONS, type DeferReason, type Preferences } from '../../domain/preferences.ts';
import { atMost } from '../at-most.ts';
import type { Lease } from '../delivery-queue.ts';
import { toDeferReason } from '../queue-rows.ts';
import type { Schema } from '../schema.ts';

/** A post that is due and that nobody has begun with. */
export interface WaitingPost extends FoldedPost {
  readonly id: number;
  readonly priority: Priority;
  readonly lifecycleId?: number;
  /** The lifecycle key of what it is about. */
  readonly key: string | undefined;
}

/** A message that a digest tells of. */
export interface FoldedPost {
  readonly content: StoredContent;
  readonly acceptedAtMs: number;
  readonly deferredFor: DeferReason | undefined;
}

/** Which posts may be told of together. */
export interface WaitingFilter {
  readonly conversationId: number;
  /** One attempt has one policy. */
  readonly unknownPolicy: UnknownPolicy;
  readonly nowMs: number;
}

/** Written out, because the partial indexes are chosen by this very text. */
const IS_QUEUED = sql<boolean>`delivery.state = 'queued'`;

/** Nobody has tried to send it yet. */
const IS_UNTOUCHED = sql<boolean>`(delivery.attempts = 0 AND delivery.failures = 0 AND delivery.folded_into IS NULL)`;

/** Binds them to one connection. */
export function createDigestStatements(db: Kysely<Schema>) {
  const { keepFolded, unfold } = leasedStatements(db);
  return {
    keepFolded,
    unfold,

    /**
     * What waits because of what the person had said is due now, to be judged by what they say now; wake who sends it
     * afterwards. It keeps why it waited, so that many are told of in one; only for a digest it waits anew.
     */
    async releaseDeferred(personId: number, { digestMinute }: Preferences, nowMs: number): Promise<void> {
      const reason = digestMinute === undefined ? sql<string>`reason` : sql<string>`nullif(reason, 'daily_digest')`;
      await db
        .updateTable('delivery')
        .set({ due_at_ms: nowMs, reason, updated_at_ms: nowMs })
        .where(IS_QUEUED)
        .where('conversation_id', 'in', ({ selectFrom }) =>
          selectFrom('conversation').select('id').where('person_id', '=', personId),
        )
        .where('reason', 'in', DEFER_REASONS)
        .execute();
    },

    /** In the order in which they would go; at most `limit`. */
    async listWaiting(
      { conversationId, unknownPolicy, nowMs }: WaitingFilter,
      limit: number,
    ): Promise<readonly WaitingPost[]> {
      const rows = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .leftJoin('lifecycle', 'lifecycle.id', 'delivery.lifecycle_id')
        .select([
          'delivery.id as id',
          'delivery.priority as priority',
          'delivery.reason as reason',
          'delivery.lifecycle_id as lifecycleId',
          'lifecycle.key as key',
          'notification.content as content',
          'notification.created_at_ms as acceptedAtMs',
        ])
        .where('delivery.conversation_id', '=', conversationId)
        .where(IS_QUEUED)
        .where(IS_UNTOUCHED)
        .where('delivery.operation', '=', 'post')
        .where('delivery.is_quiet', '=', 0)
        .where('delivery.due_at_ms', '<=', nowMs)
        .where('delivery.expires_at_ms', '>', nowMs)
        .where('notification.unknown_policy', '=', unknownPolicy)
        .orderBy('delivery.priority')
        .orderBy('delivery.id')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ priority, lifecycleId, key, reason, ...row }) => ({
        ...row,
        content: JSON.parse(row.content),
        priority: PRIORITIES[priority] ?? 'normal',
        deferredFor: toDeferReason(reason),
        ...(lifecycleId !== null && { lifecycleId }),
        key: key ?? undefined,
      }));
    },

    /** Leases what still waits to a delivery, which has to be held. @returns which; none when its lease was lost */
    async fold({ deliveryId, owner }: Lease, ids: readonly number[]): Promise<readonly number[]> {
      if (ids.length === 0) {
        return [];
      }
      const held = await db
        .updateTable('delivery')
        .set({ folded_into: deliveryId })
        .where('id', '=', deliveryId)
        .where('lease_owner', '=', owner)
        .executeTakeFirst();
      if (Number(held.numUpdatedRows) === 0) {
        return [];
      }
      const rows = await db
        .updateTable('delivery')
        .set({ state: 'leased', folded_into: deliveryId })
        .where('id', 'in', ids)
        .where(IS_QUEUED)
        .where(IS_UNTOUCHED)
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** On what is leased to a digest, for whoever holds that. */
function leasedStatements(db: Kysely<Schema>) {
  const isLeasedTo = (digestId: number) =>
    sql<boolean>`(delivery.folded_into = ${digestId} AND delivery.id <> ${digestId} AND delivery.state = 'leased')`;
  const back = { state: 'queued', folded_into: null } as const;
  return {
    /** What a digest tells of when it is sent again; what has expired meanwhile goes back, to end as that. */
    async keepFolded({ deliveryId, owner }: Lease, nowMs: number): Promise<readonly FoldedPost[]> {
      await db
        .updateTable('delivery')
        .set(back)
        .where(isLeasedTo(deliveryId))
        .where('expires_at_ms', '<=', nowMs)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('delivery as digest')
              .select('digest.id')
              .where('digest.id', '=', deliveryId)
              .where('digest.lease_owner', '=', owner),
          ),
        )
        .execute();
      const rows = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .select(['notification.content as content', 'notification.created_at_ms as acceptedAtMs', 'delivery.reason'])
        .where(isLeasedTo(deliveryId))
        .orderBy('delivery.id')
        .execute();
      return rows.map(({ content, acceptedAtMs, reason }) => ({
        content: JSON.parse(content),
        acceptedAtMs,
        deferredFor: toDeferReason(reason),
      }));
    },

    /** It is no digest any more, and all go by themselves; does nothing when its lease was lost. */
    async unfold({ deliveryId, owner }: Lease): Promise<void> {
      const held = await db
        .updateTable('delivery')
        .set({ folded_into: null })
        .where('id', '=', deliveryId)
        .where('lease_owner', '=', owner)
        .executeTakeFirst();
      if (Number(held.numUpdatedRows) > 0) {
        await db.updateTable('delivery').set(back).where(isLeasedTo(deliveryId)).execute();
      }
    },
  };
}
