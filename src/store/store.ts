// The store as the rest of Bellhop sees it, whatever database is behind it.

import type { Kysely } from 'kysely';
import type { Cancel } from '../domain/clock.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { Locks } from './locks.ts';
import type { Schema } from './schema.ts';
import { createActivityStatements } from './statements/activities.ts';
import { createApiKeyStatements } from './statements/api-keys.ts';
import { createAskRowStatements } from './statements/ask-rows.ts';
import { createAskTimeStatements } from './statements/ask-times.ts';
import { createAskStatements } from './statements/asks.ts';
import { createAttemptStatements } from './statements/attempts.ts';
import { createConversationHistoryStatements } from './statements/conversation-history.ts';
import { createConversationStatements } from './statements/conversations.ts';
import { createDeliveryStatements } from './statements/deliveries.ts';
import { createDialogDefinitionStatements } from './statements/dialog-definitions.ts';
import { createDialogRequestStatements } from './statements/dialog-requests.ts';
import { createDialogStatements } from './statements/dialogs.ts';
import { createDigestStatements } from './statements/digests.ts';
import { createHealingStatements } from './statements/healing.ts';
import { createHookStatements } from './statements/hooks.ts';
import { createInstallationStatements } from './statements/installations.ts';
import { createLaneStatements } from './statements/lanes.ts';
import { createLifecycleMessageStatements } from './statements/lifecycle-messages.ts';
import { createLifecycleStatements } from './statements/lifecycles.ts';
import { createLookupStatements } from './statements/lookups.ts';
import { createMentionStatements } from './statements/mentions.ts';
import { createMessageChangeStatements } from './statements/message-changes.ts';
import { createMessageSignStatements } from './statements/message-signs.ts';
import { createNameStatements } from './statements/names.ts';
import { createNotificationChangeStatements } from './statements/notification-changes.ts';
import { createNotificationStatements } from './statements/notifications.ts';
import { createOpenChangeStatements } from './statements/open-changes.ts';
import { createPageStatements } from './statements/pages.ts';
import { createPeopleStatements } from './statements/people.ts';
import { createPersonalAnswerStatements } from './statements/personal-answers.ts';
import { createPersonalDataStatements } from './statements/personal-data.ts';
import { createPlaceStatements } from './statements/places.ts';
import { createPollCardStatements } from './statements/poll-cards.ts';
import { createPollStatements } from './statements/polls.ts';
import { createPreferenceStatements } from './statements/preferences.ts';
import { createPresenceStatements } from './statements/presences.ts';
import { createProducerStatements } from './statements/producers.ts';
import { createRetentionStatements } from './statements/retention.ts';
import { createRosterStatements } from './statements/rosters.ts';
import { createStatusEventStatements } from './statements/status-events.ts';
import { createTellStatements } from './statements/tells.ts';
import { createTemplateStatements } from './statements/templates.ts';
import { createTopicStatements } from './statements/topics.ts';
import { createUndeliveredStatements } from './statements/undelivered.ts';
import { createWebhookEndpointStatements } from './statements/webhook-endpoints.ts';
import { createWebhookHealthStatements } from './statements/webhook-health.ts';
import { createWebhookMessageStatements } from './statements/webhook-messages.ts';

/** One named function a statement, grouped by what they are about. */
export interface Statements {
  readonly activities: ReturnType<typeof createActivityStatements>;
  readonly apiKeys: ReturnType<typeof createApiKeyStatements>;
  readonly attempts: ReturnType<typeof createAttemptStatements>;
  readonly conversationHistory: ReturnType<typeof createConversationHistoryStatements>;
  readonly conversations: ReturnType<typeof createConversationStatements>;
  readonly deliveries: ReturnType<typeof createDeliveryStatements>;
  readonly healing: ReturnType<typeof createHealingStatements>;
  readonly hooks: ReturnType<typeof createHookStatements>;
  readonly installations: ReturnType<typeof createInstallationStatements>;
  readonly lanes: ReturnType<typeof createLaneStatements>;
  readonly lifecycleMessages: ReturnType<typeof createLifecycleMessageStatements>;
  readonly lifecycles: ReturnType<typeof createLifecycleStatements>;
  readonly locks: Locks;
  readonly lookups: ReturnType<typeof createLookupStatements>;
  readonly mentions: ReturnType<typeof createMentionStatements>;
  readonly messageChanges: ReturnType<typeof createMessageChangeStatements>;
  readonly names: ReturnType<typeof createNameStatements>;
  readonly notificationChanges: ReturnType<typeof createNotificationChangeStatements>;
  readonly notifications: ReturnType<typeof createNotificationStatements>;
  readonly openChanges: ReturnType<typeof createOpenChangeStatements>;
  readonly pages: ReturnType<typeof createPageStatements>;
  readonly people: ReturnType<typeof createPeopleStatements>;
  readonly personalData: ReturnType<typeof createPersonalDataStatements>;
  readonly producers: ReturnType<typeof createProducerStatements>;
  readonly queue: DeliveryQueue;
  readonly retention: ReturnType<typeof createRetentionStatements>;
  readonly templates: ReturnType<typeof createTemplateStatements>;
  readonly statusEvents: ReturnType<typeof createStatusEventStatements>;
  readonly undelivered: ReturnType<typeof createUndeliveredStatements>;
  readonly places: ReturnType<typeof createPlaceStatements>;
  readonly preferences: ReturnType<typeof createPreferenceStatements>;
  readonly presences: ReturnType<typeof createPresenceStatements>;
  readonly rosters: ReturnType<typeof createRosterStatements>;
  readonly topics: ReturnType<typeof createTopicStatements>;
  readonly tells: ReturnType<typeof createTellStatements>;
  readonly digests: ReturnType<typeof createDigestStatements>;
  readonly askRows: ReturnType<typeof createAskRowStatements>;
  readonly personalAnswers: ReturnType<typeof createPersonalAnswerStatements>;
  readonly asks: ReturnType<typeof createAskStatements>;
  readonly askTimes: ReturnType<typeof createAskTimeStatements>;
  readonly messageSigns: ReturnType<typeof createMessageSignStatements>;
  readonly polls: ReturnType<typeof createPollStatements>;
  readonly pollCards: ReturnType<typeof createPollCardStatements>;
  readonly dialogs: ReturnType<typeof createDialogStatements>;
  readonly dialogDefinitions: ReturnType<typeof createDialogDefinitionStatements>;
  readonly dialogRequests: ReturnType<typeof createDialogRequestStatements>;
  readonly webhookEndpoints: ReturnType<typeof createWebhookEndpointStatements>;
  readonly webhookHealth: ReturnType<typeof createWebhookHealthStatements>;
  readonly webhookMessages: ReturnType<typeof createWebhookMessageStatements>;
}

export interface Store {
  /** Statements on committed rows. */
  readonly read: Statements;
  /**
   * Runs `work` in one transaction and resolves once it is on disk; a `work` that throws changes nothing. It awaits
   * nothing but the statements it is given, and it may be run again from its beginning when another process came
   * between: what it leaves outside the store is then from the last time.
   *
   * @throws what `work` throws; AppError `store_unavailable` when it could not be made durable
   */
  write<T>(work: (tx: Statements) => Promise<T>): Promise<T>;
  /**
   * The same for a work that is one call of the queue and nothing else: to begin an attempt, to end one with its
   * delivery, or to take a slot. Many of them may share one transaction, and be one statement there.
   */
  writeOne<T>(work: (tx: Statements) => Promise<T>): Promise<T>;
  /** Tells that there may be something new to send; called after the commit. */
  signalWork(): void;
  onWork(listener: () => void): Cancel;
  /** Whether rows can be read and a write transaction can be had; answers within the wait for a lock. */
  isWritable(): Promise<boolean>;
  /** Removes from the files themselves what was erased from the tables. @throws AppError `store_unavailable` */
  purge(): Promise<void>;
  /** Waits for the writes under way. Idempotent. */
  close(): Promise<void>;
}

/** What each dialect writes by hand. */
export type DialectStatements = Pick<Statements, 'locks' | 'queue'>;

/** Binds the statements that are the same in every dialect, and the dialect's own, to one connection. */
export function bindStatements(db: Kysely<Schema>, own: DialectStatements): Statements {
  return {
    activities: createActivityStatements(db),
    apiKeys: createApiKeyStatements(db),
    attempts: createAttemptStatements(db),
    conversationHistory: createConversationHistoryStatements(db),
    conversations: createConversationStatements(db),
    deliveries: createDeliveryStatements(db),
    healing: createHealingStatements(db),
    hooks: createHookStatements(db),
    installations: createInstallationStatements(db),
    lanes: createLaneStatements(db),
    lifecycleMessages: createLifecycleMessageStatements(db),
    lifecycles: createLifecycleStatements(db),
    lookups: createLookupStatements(db),
    mentions: createMentionStatements(db),
    messageChanges: createMessageChangeStatements(db),
    names: createNameStatements(db),
    notificationChanges: createNotificationChangeStatements(db),
    notifications: createNotificationStatements(db),
    openChanges: createOpenChangeStatements(db),
    pages: createPageStatements(db),
    people: createPeopleStatements(db),
    personalData: createPersonalDataStatements(db),
    producers: createProducerStatements(db),
    retention: createRetentionStatements(db),
    templates: createTemplateStatements(db),
    statusEvents: createStatusEventStatements(db),
    undelivered: createUndeliveredStatements(db),
    webhookEndpoints: createWebhookEndpointStatements(db),
    webhookHealth: createWebhookHealthStatements(db),
    webhookMessages: createWebhookMessageStatements(db),
    ...bindStatementsOnSay(db),
    ...own,
  };
}

/** Those on where people are, and on what they say for themselves. */
function bindStatementsOnSay(db: Kysely<Schema>) {
  return {
    places: createPlaceStatements(db),
    preferences: createPreferenceStatements(db),
    presences: createPresenceStatements(db),
    rosters: createRosterStatements(db),
    topics: createTopicStatements(db),
    tells: createTellStatements(db),
    digests: createDigestStatements(db),
    askRows: createAskRowStatements(db),
    personalAnswers: createPersonalAnswerStatements(db),
    asks: createAskStatements(db),
    askTimes: createAskTimeStatements(db),
    messageSigns: createMessageSignStatements(db),
    polls: createPollStatements(db),
    pollCards: createPollCardStatements(db),
    dialogs: createDialogStatements(db),
    dialogDefinitions: createDialogDefinitionStatements(db),
    dialogRequests: createDialogRequestStatements(db),
  };
}
