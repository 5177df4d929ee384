// Rows that tests of several rooms need: a person with the bot installed, a producer, a notification.

import type { EventContent, NotificationContent, Priority, UnknownPolicy } from '../../src/domain/notification.ts';
import type { FanoutSchedule, NewFanout } from '../../src/store/statements/fanouts.ts';
import type { Store } from '../../src/store/store.ts';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const APP_ID = '22222222-2222-4222-8222-222222222222';
export const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';

export interface InstalledPerson {
  readonly personId: number;
  readonly conversationId: number;
  readonly laneId: number;
  readonly email: string;
  readonly aadObjectId: string;
}

export interface PersonOptions {
  readonly index: number;
  readonly nowMs: number;
  readonly tenantId?: string;
  readonly intervalUs?: number;
  readonly timeZone?: string;
}

/** A person with an active personal installation; `index` makes them different from others. */
export async function installPerson(store: Store, options: PersonOptions): Promise<InstalledPerson> {
  const { index, nowMs, tenantId = TENANT, intervalUs = 25_000, timeZone } = options;
  const aadObjectId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const email = `person${index}@contoso.com`;
  return store.write(async (tx) => {
    const profile = {
      tenantId,
      aadObjectId,
      teamsUserId: `29:${tenantId.slice(0, 4)}${index}`,
      email,
      ...(timeZone && { timeZone }),
    };
    const personId = await tx.people.insert(profile, nowMs);
    const laneId = await tx.lanes.ensure({ appId: APP_ID, tenantId, intervalUs });
    const reference = {
      tenantId,
      kind: 'personal',
      serviceUrl: SERVICE_URL,
      botAccountId: `28:${APP_ID}`,
      conversationId: `a:${tenantId.slice(0, 4)}${index}`,
    } as const;
    const conversation = await tx.conversations.insert(reference, { laneId, personId }, nowMs);
    await tx.installations.save(
      { tenantId, scope: 'personal', digest: `digest-${tenantId}-${index}` },
      { state: 'active', changedAtMs: nowMs, generation: 1 },
      { conversationId: conversation.id, personId, name: null },
    );
    return { personId, conversationId: conversation.id, laneId, email, aadObjectId };
  });
}

/** A broadcast to everyone. */
export function toEveryone(
  notificationId: number,
  {
    tenantId = null,
    schedule,
  }: { readonly tenantId?: string | null; readonly schedule?: FanoutSchedule | undefined } = {},
): NewFanout {
  return { notificationId, audience: 'everyone', audienceId: 0, recipient: 'everyone', tenantId, schedule };
}

export async function addProducer(store: Store, name = 'ci', nowMs = 0): Promise<number> {
  const producer = await store.write((tx) => tx.producers.insert(name, null, nowMs));
  if (!producer) {
    throw new Error(`producer ${name} exists`);
  }
  return producer.id;
}

export const EVENT: EventContent = {
  kind: 'event',
  title: 'Deploy finished',
  severity: 'info',
  facts: [],
  links: [],
  source: 'ci',
};

export interface QueuedOptions {
  readonly producerId: number;
  readonly to: readonly InstalledPerson[];
  readonly nowMs: number;
  readonly priority?: Priority;
  readonly unknownPolicy?: UnknownPolicy;
  /** From the instant at which it is due. */
  readonly ttlMs?: number;
  /** When it is due; at once when absent. */
  readonly scheduledAtMs?: number;
  /** `EVENT` when absent. */
  readonly content?: NotificationContent;
}

let sequence = 0;

/** A notification with one queued delivery for each person. @returns its row id */
export async function queueNotification(store: Store, options: QueuedOptions): Promise<number> {
  const {
    producerId,
    to,
    nowMs,
    priority = 'normal',
    unknownPolicy = 'resend',
    ttlMs = 86_400_000,
    scheduledAtMs,
    content = EVENT,
  } = options;
  sequence += 1;
  const publicId = `ntf_${String(sequence).padStart(26, '0')}`;
  const expiresAtMs = (scheduledAtMs ?? nowMs) + ttlMs;
  return store.write(async (tx) => {
    const notificationId = await tx.notifications.insert({
      publicId,
      producerId,
      content,
      priority,
      unknownPolicy,
      unresolved: [],
      nowMs,
      startsAtMs: scheduledAtMs,
      expiresAtMs,
    });
    for (const { laneId, conversationId, email } of to) {
      await tx.deliveries.insert({
        notificationId,
        laneId,
        conversationId,
        recipient: email,
        priority,
        nowMs,
        scheduledAtMs,
        expiresAtMs,
      });
    }
    return notificationId;
  });
}
