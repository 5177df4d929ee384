// From a row of the claim to a delivery with all that is needed to send it.

import { MESSAGE_OPERATIONS } from '../domain/delivery.ts';
import { REMEDIES } from '../domain/healing.ts';
import { PRIORITIES, type StoredContent } from '../domain/notification.ts';
import type { ClaimedDelivery, DeliveryTarget } from './delivery-queue.ts';
import { type Row, toDeferReason, toInstants } from './queue-rows.ts';

type Slot = Pick<ClaimedDelivery, 'slotAtMs' | 'intervalMs'>;

/** Reads one row; the same content is read once. */
export type ClaimedReader = (row: Row, slot: Slot) => ClaimedDelivery;

/** Notifications whose content is kept; many more than are on their way to many people at the same time. */
const MAX_CONTENTS = 64;

/** Deliveries of one notification share one content, so that who sends it builds its message once. */
export function createClaimedReader(): ClaimedReader {
  const contents = new Map<unknown, { readonly json: string; readonly content: StoredContent }>();
  return (row, slot) => {
    const json = String(row['content']);
    const known = contents.get(row['notification_id']);
    // Row ids are given out again after a deletion: only the same text is the same content.
    if (known?.json === json) {
      return toClaimed(row, slot, known.content);
    }
    const content: StoredContent = JSON.parse(json);
    if (contents.size >= MAX_CONTENTS) {
      contents.clear();
    }
    contents.set(row['notification_id'], { json, content });
    return toClaimed(row, slot, content);
  };
}

function toClaimed(row: Row, slot: Slot, content: StoredContent): ClaimedDelivery {
  const remedies = String(row['remedies']).split(' ');
  const activityId = textOf(row, 'activity_id');
  const lifecycleId = row['lifecycle_id'];
  const scheduledAtMs = row['scheduled_at_ms'];
  return {
    id: Number(row['id']),
    notificationId: Number(row['notification_id']),
    publicId: String(row['public_id']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    ...slot,
    priority: PRIORITIES[Number(row['priority'])] ?? 'normal',
    attempts: Number(row['attempts']),
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    acceptedAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    content,
    operation: MESSAGE_OPERATIONS.find((operation) => operation === row['operation']) ?? 'post',
    ...(activityId !== undefined && { activityId }),
    ...(typeof lifecycleId === 'number' && { lifecycleId }),
    ...(typeof scheduledAtMs === 'number' && { scheduledAtMs }),
    ...toWishes(row),
    isDigest: typeof row['folded_into'] === 'number',
    isUnreachable: row['is_unreachable'] === 1,
    remedies: REMEDIES.filter((remedy) => remedies.includes(remedy)),
    target: toTarget(row),
  };
}

/** What the person has said, and what they were told lately. */
function toWishes(row: Row) {
  const settings = textOf(row, 'settings');
  const deferredFor = toDeferReason(row['reason']);
  return {
    isPersonal: row['kind'] === 'personal',
    notifiedAtMs: toInstants(textOf(row, 'notified_at_ms') ?? '[]'),
    ...(settings !== undefined && { preferences: JSON.parse(settings) }),
    ...(deferredFor !== undefined && { deferredFor }),
  };
}

function toTarget(row: Row): DeliveryTarget {
  const teamsConversationId = textOf(row, 'teams_conversation_id');
  const teamsUserId = textOf(row, 'teams_user_id');
  const aadObjectId = textOf(row, 'aad_object_id');
  const locale = textOf(row, 'locale');
  const timeZone = textOf(row, 'time_zone');
  return {
    tenantId: String(row['tenant_id']),
    serviceUrl: textOf(row, 'service_url') ?? '',
    botAccountId: textOf(row, 'bot_account_id') ?? '',
    ...(teamsConversationId !== undefined && { teamsConversationId }),
    ...(teamsUserId !== undefined && { teamsUserId }),
    ...(aadObjectId !== undefined && { aadObjectId }),
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
  };
}

function textOf(row: Row, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' ? value : undefined;
}
