// The tables of status webhooks, as kysely sees them.

import type { Generated } from 'kysely';

/** What a message came to so far. */
export type WebhookMessageState = 'queued' | 'delivered' | 'failed';

/** Where a producer wants to be told. */
export interface WebhookEndpointTable {
  id: Generated<number>;
  public_id: string;
  producer_id: number;
  url: string;
  /** JSON of StatusEventType[]; null for all of them. */
  events: string | null;
  description: string | null;
  /** Sealed. */
  secret: string;
  /** The one before, sealed; signs beside the new one for a while. */
  previous_secret: string | null;
  previous_secret_until_ms: number | null;
  created_at_ms: number;
  disabled_at_ms: number | null;
  disabled_reason: string | null;
  /** Failed attempts since the last one that succeeded, and when they began. */
  failures: Generated<number>;
  failing_since_ms: number | null;
  /** Nothing is sent there before. */
  blocked_until_ms: Generated<number>;
  /** The row stays until no message points to it. */
  deleted_at_ms: number | null;
}

/** Something that happened. What the producer is told of it is the state of that moment. */
export interface StatusEventTable {
  id: Generated<number>;
  /** 32 hexadecimal digits, made by the database. */
  public_id: Generated<string>;
  producer_id: number;
  type: string;
  notification_id: number | null;
  notification_public_id: string | null;
  delivery_id: number | null;
  dialog_public_id: string | null;
  reason: string | null;
  /** Who answered what the notification asks; null once their data was erased. */
  person_id: number | null;
  action: string | null;
  /** JSON of what they entered. */
  input: string | null;
  at_ms: number;
  /** Whether it was turned into messages. */
  is_expanded: Generated<number>;
}

/** One event on its way to one webhook. */
export interface WebhookMessageTable {
  endpoint_id: number;
  event_id: number;
  state: WebhookMessageState;
  attempts: Generated<number>;
  /** When the next attempt is due; while one is under way, when its lease ends. */
  due_at_ms: number;
  lease_owner: string | null;
  /** What became of the latest attempt. */
  http_status: number | null;
  error: string | null;
  /** The first characters of the latest answer. */
  answer: string | null;
  created_at_ms: number;
  updated_at_ms: number;
}
