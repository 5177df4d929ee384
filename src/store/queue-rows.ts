// Rows of the queue as both dialects read them, in Bellhop's words.

import { REMEDIES } from '../domain/healing.ts';
import type { AbandonedDelivery, ClaimedDelivery } from './delivery-queue.ts';

/** Columns by name; numbers are numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Instants as the schema keeps them. */
export function toInstants(value: unknown): readonly number[] {
  return JSON.parse(String(value));
}

/** A leased delivery, with the slot that was found for it. */
export function toClaimed(row: Row, slot: Pick<ClaimedDelivery, 'slotAtMs' | 'intervalMs'>): ClaimedDelivery {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined);
  const teamsConversationId = text('teams_conversation_id');
  const teamsUserId = text('teams_user_id');
  const aadObjectId = text('aad_object_id');
  const remedies = String(row['remedies']).split(' ');
  const locale = text('locale');
  return {
    id: Number(row['id']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    ...slot,
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    acceptedAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    content: JSON.parse(String(row['content'])),
    isUnreachable: row['is_unreachable'] === 1,
    remedies: REMEDIES.filter((remedy) => remedies.includes(remedy)),
    target: {
      tenantId: String(row['tenant_id']),
      serviceUrl: text('service_url') ?? '',
      botAccountId: text('bot_account_id') ?? '',
      ...(teamsConversationId !== undefined && { teamsConversationId }),
      ...(teamsUserId !== undefined && { teamsUserId }),
      ...(aadObjectId !== undefined && { aadObjectId }),
      ...(locale !== undefined && { locale }),
    },
  };
}

/** A delivery whose lease has ended. */
export function toAbandoned(row: Row): AbandonedDelivery {
  const number = row['number'];
  return {
    deliveryId: Number(row['id']),
    owner: String(row['lease_owner']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    ...(typeof number === 'number' && {
      attempt: { number, operation: row['operation'] === 'create_conversation' ? 'create_conversation' : 'post' },
    }),
  };
}
