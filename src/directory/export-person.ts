// Everything that is held about one person, as one JSON document that is written a part at a time.

import { toDeliveryId } from '../domain/delivery-id.ts';
import type { AttemptRow } from '../store/statements/attempts.ts';
import type { ReceivedRow } from '../store/statements/received.ts';
import type { Statements, Store } from '../store/store.ts';
import { type FoundPerson, findPerson, type KnownPerson, type PersonQuery } from './find-person.ts';
import { eachPart } from './notification-parts.ts';
import { writeOwn } from './write-own.ts';

/** How much there was. */
export interface ExportCounts {
  readonly deliveries: number;
  readonly mentions: number;
}

/** What an export takes. */
export interface ExportDeps {
  readonly store: Store;
  readonly nowMs: number;
  /** Told when it ends; `isComplete` is false when it was broken off. */
  onEnd(counts: ExportCounts, isComplete: boolean): void;
}

/** Deliveries whose contents and attempts are in memory at the same time. */
const AT_ONCE = 50;

/**
 * @returns the parts of the document; what is joined is valid JSON only when the last part has come
 * @throws AppError `not_found`, `ambiguous_person`
 */
export async function exportPerson(deps: ExportDeps, query: PersonQuery): Promise<AsyncIterable<string>> {
  return writeDocument(deps, await findPerson(deps.store.read, query));
}

async function* writeDocument(deps: ExportDeps, found: FoundPerson): AsyncGenerator<string> {
  const { store, nowMs } = deps;
  const counts = { deliveries: 0, mentions: found.mentions.length };
  let isComplete = false;
  try {
    const conversations = await listConversations(store.read, found.person);
    const head = {
      exportedAt: toInstant(nowMs),
      person: found.person ? toProfile(found.person) : null,
      installations: await listInstallations(store.read, found.person),
      memberOf: found.person ? await store.read.rosters.listOfPerson(found.person.id) : [],
      conversations: conversations.map(({ id: _, ...conversation }) => conversation),
      ...(await readWishes(store.read, found.person)),
      apiKeys: found.keys.map(({ keyId, producerName, names }) => ({ id: keyId, producer: producerName, to: names })),
      hooks: found.hooks.map(toHook),
      mentions: found.mentions.map(toMention),
      mentionedIn: await listMentioning(store.read, found.person),
    };
    yield JSON.stringify(head).slice(0, -1);
    yield* writeOwn(store.read, found.person);
    yield ',"deliveries":[';
    for (const { id } of conversations) {
      for await (const part of eachPart(store.read)) {
        const rows = await store.read.personalData.listReceived(id, part);
        for (let at = 0; at < rows.length; at += AT_ONCE) {
          const deliveries = await toDeliveries(store.read, rows.slice(at, at + AT_ONCE));
          yield `${counts.deliveries > 0 ? ',' : ''}\n${deliveries.map((one) => JSON.stringify(one)).join(',\n')}`;
          counts.deliveries += deliveries.length;
        }
        // A connection on which nothing is written for long would be closed.
        yield '\n';
      }
    }
    yield ']}\n';
    isComplete = true;
  } finally {
    deps.onEnd(counts, isComplete);
  }
}

function toProfile({ id: _, updatedAtMs, lookupDueAtMs, lookupAttempts, ...profile }: KnownPerson) {
  return {
    ...profile,
    updatedAt: toInstant(updatedAtMs),
    pendingLookUp: lookupDueAtMs === null ? null : { dueAt: toInstant(lookupDueAtMs), attempts: lookupAttempts },
  };
}

async function listConversations({ personalData }: Statements, person: KnownPerson | undefined) {
  const rows = person ? await personalData.listConversations(person.id) : [];
  return rows.map(({ blockedUntilMs, notifiedAtMs, updatedAtMs, ...row }) => {
    const notifiedAt: readonly number[] = JSON.parse(notifiedAtMs);
    return {
      ...row,
      pausedUntil: blockedUntilMs === 0 ? null : toInstant(blockedUntilMs),
      lastNotifiedAt: notifiedAt.map(toInstant),
      updatedAt: toInstant(updatedAtMs),
    };
  });
}

/** What they have said about how they want to be told, and what they were asked. */
async function readWishes({ personalData, polls }: Statements, person: KnownPerson | undefined) {
  const preferences = person && (await personalData.findPreferences(person.id));
  const subscriptions = person ? await personalData.listSubscriptions(person.id) : [];
  const votes = person ? await polls.listVotesOf(person.id) : [];
  return {
    preferences: preferences
      ? { ...JSON.parse(preferences.settings), updatedAt: toInstant(preferences.updatedAtMs) }
      : null,
    subscriptions: subscriptions.map(({ topic, subscribedAtMs }) => ({
      topic,
      subscribedAt: toInstant(subscribedAtMs),
    })),
    votes,
  };
}

async function listInstallations({ personalData }: Statements, person: KnownPerson | undefined) {
  const rows = person ? await personalData.listInstallations(person.id) : [];
  return rows.map(({ changedAtMs, digest, generation, ...row }) => ({
    ...row,
    timesInstalled: generation,
    changedAt: toInstant(changedAtMs),
    digest,
  }));
}

async function listMentioning({ personalData }: Statements, person: KnownPerson | undefined) {
  const rows = person ? await personalData.listMentioning(person.id) : [];
  return rows.map(({ notificationPublicId, producerName, acceptedAtMs }) => ({
    notification: notificationPublicId,
    producer: producerName,
    acceptedAt: toInstant(acceptedAtMs),
  }));
}

function toMention({ recipient, notificationPublicId, producerName, idempotencyKey, acceptedAtMs }: Mentioned) {
  return {
    recipient,
    notification: notificationPublicId,
    producer: producerName,
    idempotencyKey,
    acceptedAt: toInstant(acceptedAtMs),
  };
}

function toHook({ publicId, producerName, name, names }: FoundPerson['hooks'][number]) {
  return { id: publicId, producer: producerName, name, to: names };
}

type Mentioned = FoundPerson['mentions'][number];

async function toDeliveries({ personalData, attempts: all }: Statements, rows: readonly ReceivedRow[]) {
  const contents = await personalData.readContents(rows.map(({ notificationId }) => notificationId));
  const attempts = await all.list(rows.map(({ deliveryId }) => deliveryId));
  return rows.map((row) => {
    const content = contents.get(row.notificationId);
    const own = attempts.filter(({ deliveryId }) => deliveryId === row.deliveryId);
    return toDelivery(row, content === undefined ? null : JSON.parse(content), own);
  });
}

function toDelivery(row: ReceivedRow, content: unknown, attempts: readonly AttemptRow[]) {
  const sentAtMs = attempts.findLast(({ outcome }) => outcome === 'delivered')?.finishedAtMs ?? null;
  return {
    id: toDeliveryId(row.deliveryId),
    notification: row.notificationPublicId,
    producer: row.producerName,
    recipient: row.recipient,
    idempotencyKey: row.idempotencyKey,
    key: row.key,
    state: row.state,
    reason: row.reason,
    acceptedAt: toInstant(row.acceptedAtMs),
    expiresAt: toInstant(row.expiresAtMs),
    sentAt: sentAtMs === null ? null : toInstant(sentAtMs),
    updatedAt: toInstant(row.updatedAtMs),
    readAt: row.readAtMs === null ? null : toInstant(row.readAtMs),
    teamsMessageId: row.activityId,
    attempts: attempts.map(({ number, operation, outcome, startedAtMs }) => ({
      number,
      operation,
      outcome,
      startedAt: toInstant(startedAtMs),
    })),
    content,
  };
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
