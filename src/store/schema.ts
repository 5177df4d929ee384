// The tables as kysely sees them. Booleans are 0/1 and instants are epoch milliseconds in both dialects.

import type { Generated } from 'kysely';
import type { ConversationKind } from '../domain/conversation.ts';
import type { DeliveryState, MessageOperation, Operation } from '../domain/delivery.ts';
import type { InstallationScope } from '../domain/inbound-event.ts';
import type { InstallationState } from '../domain/installation.ts';
import type { AskingTables } from './asking-schema.ts';
import type { HookTable } from './hook-schema.ts';
import type {
  FanoutTable,
  IdempotencyTable,
  LifecycleTable,
  MentionTable,
  MessageChangeTable,
  NotificationMentionTable,
  NotificationTable,
} from './notification-schema.ts';
import type {
  ChannelTable,
  PreferenceTable,
  RosterMemberTable,
  RosterTable,
  SubscriptionTable,
  TellTable,
  TopicTable,
} from './teams-schema.ts';
import type { StatusEventTable, WebhookEndpointTable, WebhookMessageTable } from './webhook-schema.ts';

/** The send budget of one app in one tenant. */
export interface LaneTable {
  id: Generated<number>;
  app_id: string;
  tenant_id: string;
  interval_us: number;
  /** The first send slot that is still free (GCRA clock), epoch microseconds. */
  next_slot_us: Generated<number>;
  blocked_until_ms: Generated<number>;
  last_claim_at_ms: Generated<number>;
  /** How much slower than `interval_us` the lane goes after 429s, as it was at `slow_until_ms`. */
  slow_factor: Generated<number>;
  slow_until_ms: Generated<number>;
  /** Slots given out since bulk last had one. */
  slots_since_bulk: Generated<number>;
}

export interface PersonTable {
  id: Generated<number>;
  tenant_id: string;
  aad_object_id: string | null;
  teams_user_id: string | null;
  name: string | null;
  email: string | null;
  user_principal_name: string | null;
  /** `addressKey()` of the two; what addresses are looked up by. */
  email_key: string | null;
  upn_key: string | null;
  locale: string | null;
  time_zone: string | null;
  updated_at_ms: number;
  /** When the roster is to be asked about this person; null when there is nothing to ask. */
  lookup_due_at_ms: number | null;
  lookup_attempts: Generated<number>;
}

/** A chat that messages go to. A 1:1 chat that was not opened yet has no `teams_conversation_id`. */
export interface ConversationTable {
  id: Generated<number>;
  lane_id: number;
  tenant_id: string;
  kind: ConversationKind;
  person_id: number | null;
  teams_conversation_id: string | null;
  service_url: string | null;
  bot_account_id: string | null;
  /** A 429 of this conversation holds its deliveries back until then. */
  blocked_until_ms: Generated<number>;
  /** GCRA clocks: posts over seconds, posts over the hour. */
  chat_clock_ms: Generated<number>;
  hour_clock_ms: Generated<number>;
  /** JSON of the instants of the latest notifications to the person; empty unless it is a 1:1 chat. */
  notified_at_ms: Generated<string>;
  updated_at_ms: number;
}

/** `subject_digest` names the scope without personal data, so that it may outlive an erased person. */
export interface InstallationTable {
  id: Generated<number>;
  tenant_id: string;
  scope: InstallationScope;
  subject_digest: string;
  conversation_id: number | null;
  person_id: number | null;
  name: string | null;
  state: InstallationState;
  reason: string | null;
  changed_at_ms: number;
  generation: number;
  welcomed_generation: Generated<number>;
}

/** A system that may send. */
export interface ProducerTable {
  id: Generated<number>;
  name: string;
  tenant_id: string | null;
  created_at_ms: number;
  disabled_at_ms: number | null;
}

export interface ApiKeyTable {
  id: string;
  producer_id: number;
  secret_sha256: Uint8Array;
  /** JSON arrays of strings. */
  scopes: string;
  recipients: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  last_used_at_ms: number | null;
}

export interface DeliveryTable {
  id: Generated<number>;
  notification_id: number;
  lane_id: number;
  conversation_id: number;
  /** As the producer wrote it; null for members of a broadcast and after erasure. */
  recipient: string | null;
  state: DeliveryState;
  priority: number;
  /** No notification to the person: the bot's answer to what they wrote, an edit, a deletion. */
  is_quiet: Generated<number>;
  /** What it does next, or did last: `post`, `update` (edits its message), `delete`. */
  operation: Generated<MessageOperation>;
  /** Copied from its notification: whose message it may edit. */
  lifecycle_id: number | null;
  attempts: Generated<number>;
  failures: Generated<number>;
  /** Attempts made before the last redelivery: they do not count against it. */
  attempts_forgiven: Generated<number>;
  is_reduced: Generated<number>;
  due_at_ms: number;
  expires_at_ms: number;
  /** When it was to become due; null when that was at once. */
  scheduled_at_ms: number | null;
  /** Names of the remedies that were tried, with a blank between them. */
  remedies: Generated<string>;
  lease_owner: string | null;
  lease_until_ms: number | null;
  activity_id: string | null;
  /** The first message of the thread of a channel that it answers; null when its message begins one, or is in no channel. */
  thread_id: string | null;
  reason: string | null;
  /** As its notification. */
  is_watched: Generated<number>;
  /** The delivery that tells of this one too, in a digest; null when it is sent by itself. */
  folded_into: number | null;
  /** When Teams said that its reader had read it; null when it did not. */
  read_at_ms: number | null;
  updated_at_ms: number;
}

export interface AttemptTable {
  delivery_id: number;
  /** From 1. */
  number: number;
  operation: Operation;
  request_id: string;
  started_at_ms: number;
  finished_at_ms: number | null;
  outcome: string | null;
  reason: string | null;
  http_status: number | null;
  correlation_id: string | null;
}

/** Activities that took effect; only a digest of conversation and activity id is kept. */
export interface SeenActivityTable {
  digest: string;
  seen_at_ms: number;
  /** Digest of the installation in the team or group chat where somebody pressed a button; null for every other. */
  place_digest: string | null;
  /** Teams' own timestamp of it; null where `place_digest` is. */
  heard_at_ms: number | null;
}

/** How far something that goes through all notifications in the order of their ids has come. */
export interface RetentionCursorTable {
  name: string;
  /** The last one that was looked at. */
  notification_id: number;
}

/** A card with places for data, of one producer. */
export interface TemplateTable {
  id: Generated<number>;
  producer_id: number;
  name: string;
  /** JSON, both. */
  body: string;
  sample: string;
  created_at_ms: number;
  updated_at_ms: number;
}

/** All tables by name. */
export interface Schema extends AskingTables {
  lane: LaneTable;
  person: PersonTable;
  conversation: ConversationTable;
  installation: InstallationTable;
  producer: ProducerTable;
  api_key: ApiKeyTable;
  notification: NotificationTable;
  idempotency: IdempotencyTable;
  lifecycle: LifecycleTable;
  message_change: MessageChangeTable;
  mention: MentionTable;
  notification_mention: NotificationMentionTable;
  fanout: FanoutTable;
  delivery: DeliveryTable;
  attempt: AttemptTable;
  seen_activity: SeenActivityTable;
  retention_cursor: RetentionCursorTable;
  template: TemplateTable;
  hook: HookTable;
  roster: RosterTable;
  channel: ChannelTable;
  roster_member: RosterMemberTable;
  preference: PreferenceTable;
  topic: TopicTable;
  subscription: SubscriptionTable;
  tell: TellTable;
  webhook_endpoint: WebhookEndpointTable;
  status_event: StatusEventTable;
  webhook_message: WebhookMessageTable;
}
