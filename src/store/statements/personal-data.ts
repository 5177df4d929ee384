// Statements on all that is held about one person, to export it and to find what has to be erased.

import type { Kysely } from 'kysely';
import type { HookSettings } from '../../domain/hook.ts';
import type { Schema } from '../schema.ts';
import type { PersonRecipient } from './people.ts';
import { createReceivedStatements } from './received.ts';

/** Binds them to one connection. */
export function createPersonalDataStatements(db: Kysely<Schema>) {
  return { ...profileStatements(db), ...wishStatements(db), ...limitStatements(db), ...createReceivedStatements(db) };
}

/** Who they are, where they are reached, how they are named. */
function profileStatements(db: Kysely<Schema>) {
  return {
    /** Everybody whom a name fits, with all that is known of them. */
    async listPeople(recipient: PersonRecipient, tenantId: string | undefined) {
      return db
        .selectFrom('person')
        .select([
          'id',
          'tenant_id as tenantId',
          'aad_object_id as aadObjectId',
          'teams_user_id as teamsUserId',
          'name',
          'email',
          'user_principal_name as userPrincipalName',
          'locale',
          'time_zone as timeZone',
          'updated_at_ms as updatedAtMs',
          'lookup_due_at_ms as lookupDueAtMs',
          'lookup_attempts as lookupAttempts',
        ])
        .where(({ or, eb }) => {
          switch (recipient.kind) {
            case 'address':
              return or([eb('email_key', '=', recipient.address), eb('upn_key', '=', recipient.address)]);
            case 'aadObjectId':
              return eb('aad_object_id', '=', recipient.aadObjectId);
            case 'teamsUserId':
              return eb('teams_user_id', '=', recipient.teamsUserId);
          }
        })
        .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId ?? ''))
        .orderBy('id')
        .execute();
    },

    async listConversations(personId: number) {
      return db
        .selectFrom('conversation')
        .select([
          'id',
          'kind',
          'teams_conversation_id as teamsConversationId',
          'service_url as serviceUrl',
          'bot_account_id as botAccountId',
          'blocked_until_ms as blockedUntilMs',
          'notified_at_ms as notifiedAtMs',
          'updated_at_ms as updatedAtMs',
        ])
        .where('person_id', '=', personId)
        .orderBy('id')
        .execute();
    },

    async listInstallations(personId: number) {
      return db
        .selectFrom('installation')
        .select([
          'tenant_id as tenantId',
          'scope',
          'subject_digest as digest',
          'state',
          'reason',
          'changed_at_ms as changedAtMs',
          'generation',
        ])
        .where('person_id', '=', personId)
        .orderBy('id')
        .execute();
    },

    /** Where producers have named the person and not reached them. @param tenantId of producers of this tenant only */
    async listMentions(nameKeys: readonly string[], tenantId: string | undefined) {
      return db
        .selectFrom('mention')
        .innerJoin('notification', 'notification.id', 'mention.notification_id')
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .leftJoin('idempotency', 'idempotency.notification_id', 'notification.id')
        .select([
          'notification.id as notificationId',
          'notification.public_id as notificationPublicId',
          'producer.name as producerName',
          'idempotency.key as idempotencyKey',
          'mention.name_key as nameKey',
          'mention.recipient as recipient',
          'notification.created_at_ms as acceptedAtMs',
        ])
        .where('name_key', 'in', nameKeys)
        .$if(tenantId !== undefined, (query) => query.where('producer.tenant_id', '=', tenantId ?? ''))
        .orderBy('notification.id')
        .execute();
    },

    /** Notifications that mention the person to others. */
    async listMentioning(personId: number) {
      return db
        .selectFrom('notification_mention')
        .innerJoin('notification', 'notification.id', 'notification_mention.notification_id')
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .select([
          'notification.public_id as notificationPublicId',
          'producer.name as producerName',
          'notification.created_at_ms as acceptedAtMs',
        ])
        .where('notification_mention.person_id', '=', personId)
        .orderBy('notification.id')
        .execute();
    },
  };
}

/** What they have said for themselves. */
function wishStatements(db: Kysely<Schema>) {
  return {
    async findPreferences(personId: number) {
      return db
        .selectFrom('preference')
        .select(['settings', 'updated_at_ms as updatedAtMs'])
        .where('person_id', '=', personId)
        .executeTakeFirst();
    },

    async listSubscriptions(personId: number) {
      return db
        .selectFrom('subscription')
        .innerJoin('topic', 'topic.id', 'subscription.topic_id')
        .select(['topic.name as topic', 'subscription.subscribed_at_ms as subscribedAtMs'])
        .where('subscription.person_id', '=', personId)
        .orderBy('topic.name')
        .execute();
    },
  };
}

/** Keys and hooks, which name people before anything is sent to them. */
function limitStatements(db: Kysely<Schema>) {
  return {
    /** The keys that may send to some people only. @param tenantId of producers of this tenant only */
    async listLimitedKeys(tenantId: string | undefined): Promise<readonly LimitedKey[]> {
      const rows = await db
        .selectFrom('api_key')
        .innerJoin('producer', 'producer.id', 'api_key.producer_id')
        .select(['api_key.id as keyId', 'producer.name as producerName', 'recipients'])
        .where('recipients', '!=', '[]')
        .$if(tenantId !== undefined, (query) => query.where('producer.tenant_id', '=', tenantId ?? ''))
        .execute();
      return rows.map(({ recipients, ...row }) => ({ ...row, recipients: JSON.parse(recipients) }));
    },

    async setKeyRecipients(keyId: string, recipients: readonly string[]): Promise<void> {
      await db
        .updateTable('api_key')
        .set({ recipients: JSON.stringify(recipients) })
        .where('id', '=', keyId)
        .execute();
    },

    /** All hooks, for whom they are. @param tenantId of producers of this tenant only */
    async listAddressedHooks(tenantId: string | undefined): Promise<readonly AddressedHook[]> {
      const rows = await db
        .selectFrom('hook')
        .innerJoin('producer', 'producer.id', 'hook.producer_id')
        .select([
          'hook.id as id',
          'public_id as publicId',
          'hook.name as name',
          'producer.name as producerName',
          'settings',
        ])
        .$if(tenantId !== undefined, (query) => query.where('producer.tenant_id', '=', tenantId ?? ''))
        .orderBy('hook.id')
        .execute();
      return rows.map(({ settings, ...row }) => ({ ...row, settings: JSON.parse(settings) }));
    },
  };
}

/** An API key that may send to some people only. */
export interface LimitedKey {
  readonly keyId: string;
  readonly producerName: string;
  /** Forms of `to`, or `*@domain`. */
  readonly recipients: readonly string[];
}

/** A hook, and for whom it is. */
export interface AddressedHook {
  readonly id: number;
  readonly publicId: string;
  readonly name: string;
  readonly producerName: string;
  readonly settings: HookSettings;
}
