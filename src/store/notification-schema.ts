// The tables of what producers want said, as kysely sees them.

import type { Generated } from 'kysely';
import type { MessageOperation } from '../domain/delivery.ts';
import type { LifecycleState } from '../domain/lifecycle.ts';
import type { Severity } from '../domain/notification.ts';

export interface NotificationTable {
  id: Generated<number>;
  public_id: string;
  producer_id: number;
  /** JSON of NotificationContent; `ERASED_CONTENT` once it was erased. */
  content: string;
  priority: number;
  unknown_policy: string;
  /** JSON of UnresolvedRecipient[]. */
  unresolved: string;
  /** Set where the notification is about a thing with a key; the state of that thing that it tells. */
  lifecycle_id: number | null;
  lifecycle_state: LifecycleState | null;
  /** Which message of its thing it is told by, from 1, and the first one of the same episode. */
  message_number: number | null;
  first_message: number | null;
  /** When its producer changed or recalled it last. */
  changed_at_ms: number | null;
  recalled_at_ms: number | null;
  created_at_ms: number;
  /** When the last of it expires. */
  expires_at_ms: number;
  /** The first instant at which somebody is to have it; null when it is not scheduled. */
  starts_at_ms: number | null;
  /** Whether what becomes of it is written down as status events. */
  is_watched: Generated<number>;
  /** When its last delivery had ended; set when the content is erased, and null until then. */
  ended_at_ms: Generated<number | null>;
  /** When to look again, because its content could not be erased yet when its turn had come; null otherwise. */
  kept_until_ms: Generated<number | null>;
}

/** A thing that notifications are about, by its producer's key, with all that happened to it. */
export interface LifecycleTable {
  id: Generated<number>;
  producer_id: number;
  key: string;
  state: LifecycleState;
  peak_severity: Severity;
  /** The messages of each chat that tell of its present episode: the first one, and the one that does now; from 1. */
  first_message: number;
  message_number: number;
  /** The newest of its notifications that was taken in. */
  notification_id: number | null;
  occurred_at_ms: number | null;
  opened_at_ms: number;
  /** When its messages were changed last, or are to be. */
  edited_at_ms: number;
  /** JSON of LifecycleEntry[]. */
  history: string;
  forgotten: number;
  updated_at_ms: number;
}

/** A notification whose messages are still being changed, a part at a time. */
export interface MessageChangeTable {
  notification_id: number;
  operation: Exclude<MessageOperation, 'post'>;
  /** The last conversation looked at. */
  cursor: number;
  /** JSON of the ids of deliveries that were on their way then. */
  late: string;
}

/** The first answer to an idempotency key; its unique key, not a read, decides who is first. */
export interface IdempotencyTable {
  producer_id: number;
  key: string;
  request_sha256: Uint8Array;
  notification_id: number;
  /** JSON of the answer. */
  body: string;
  created_at_ms: number;
}

/** Who is named by a notification and not reached by it: where a name stands that may have to be erased. */
export interface MentionTable {
  /** `nameKey()` of the recipient. */
  name_key: string;
  notification_id: number;
  /** As the producer wrote it. */
  recipient: string;
}

/** Whom a broadcast goes to: everyone who has the bot, the members of a roster, or the subscribers of a topic. */
export const AUDIENCES = ['everyone', 'roster', 'topic'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** A broadcast to one audience that is still being turned into deliveries, in chunks. */
export interface FanoutTable {
  notification_id: number;
  audience: Audience;
  /** The row of the roster or topic; 0 for everyone. */
  audience_id: number;
  /** As the producer wrote it. */
  recipient: string;
  tenant_id: string | null;
  /** The last installation or person already served; the next chunk starts after it. */
  cursor: number;
  is_done: Generated<number>;
  /** Not before; 0 for at once. */
  starts_at_ms: Generated<number>;
  /** The local time at which it is due for each person, and where they are whose zone is not known. */
  local_at: string | null;
  time_zone: string | null;
  /** Of each delivery, from the instant at which it is due; null when it is not scheduled. */
  ttl_ms: number | null;
}

/** A person whom a notification mentions; goes with either of them. */
export interface NotificationMentionTable {
  notification_id: number;
  /** From 0, in the order of the request. */
  position: number;
  person_id: number;
}
