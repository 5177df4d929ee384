// What operators do with topics: make, describe, list and delete them. A topic belongs to the whole installation.

import { toInstant } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { parseTopicName, TOPIC_NAME_FORM } from '../domain/recipient.ts';
import type { TopicRow } from '../store/statements/topics.ts';
import type { Statements, Store } from '../store/store.ts';
import { TOPIC_LIMITS, type TopicList, type TopicView, topicRequest } from './topic-requests.ts';

/** What managing takes. */
export interface TopicDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** Who asks. */
export interface TopicAsker {
  /** When set, they reach people of this tenant only. */
  readonly tenantId?: string | undefined;
  /** The only people that they may name; anybody when empty. */
  readonly recipients: readonly string[];
}

/** Whoever runs the service. */
export const OPERATOR: TopicAsker = { recipients: [] };

/** A topic, as it is named. */
export interface NamedTopic {
  readonly asker: TopicAsker;
  readonly name: string;
}

/** By name. */
export async function listTopics({ store }: Pick<TopicDeps, 'store'>): Promise<TopicList> {
  return { topics: (await store.read.topics.listCounted()).map((row) => toView(row, row.subscribers)) };
}

/** @throws AppError `not_found` */
export async function getTopic({ store }: Pick<TopicDeps, 'store'>, name: string): Promise<TopicView> {
  const row = await requireTopic(store.read, name);
  return toView(row, await store.read.topics.countSubscribers(row.id));
}

/**
 * Makes a topic, or describes the one of this name anew.
 *
 * @throws AppError `invalid_request`; `forbidden` for who is limited to a tenant, because people of all tenants see it
 */
export async function putTopic(
  { store, clock }: TopicDeps,
  { asker, name: text, json }: NamedTopic & { readonly json: unknown },
): Promise<{ readonly isNew: boolean; readonly topic: TopicView }> {
  requireAllTenants(asker);
  const name = parseTopicName(text);
  if (name === undefined) {
    throw new AppError('invalid_request', `Expected the name of a topic to be ${TOPIC_NAME_FORM}`);
  }
  const { description } = parseRequest(topicRequest, json, 'topic');
  const isNew = await store.write(async (tx) => {
    // Of two that make the last topic that there is room for, the second one has to see the first.
    await tx.locks.take('topics');
    const nowMs = clock.nowMs();
    if (await tx.topics.describe({ name, description, nowMs })) {
      return false;
    }
    if ((await tx.topics.count()) >= TOPIC_LIMITS.maxTopics) {
      const detail = `Expected at most ${TOPIC_LIMITS.maxTopics} topics. Delete one that is not used`;
      throw new AppError('invalid_request', detail);
    }
    await tx.topics.insert({ name, description, nowMs });
    return true;
  });
  return { isNew, topic: await getTopic({ store }, name) };
}

/**
 * With its subscriptions. What is on its way to some of them still arrives; nobody else gets it.
 *
 * @throws AppError `not_found`; `forbidden` as `putTopic` does
 */
export async function removeTopic({ store }: Pick<TopicDeps, 'store'>, { asker, name }: NamedTopic): Promise<void> {
  requireAllTenants(asker);
  await store.write(async (tx) => {
    const { id } = await requireTopic(tx, name);
    await tx.topics.remove(id);
  });
}

/** @throws AppError `not_found` */
export async function requireTopic({ topics }: Statements, text: string): Promise<TopicRow> {
  const name = parseTopicName(text);
  const row = name === undefined ? undefined : await topics.find(name);
  if (!row) {
    throw new AppError('not_found', 'There is no topic of this name');
  }
  return row;
}

function requireAllTenants({ tenantId }: TopicAsker): void {
  if (tenantId !== undefined) {
    const detail = 'A topic is for people of all tenants: a producer that is limited to one may not change it';
    throw new AppError('forbidden', detail);
  }
}

function toView({ name, description, createdAtMs, updatedAtMs }: TopicRow, subscribers: number): TopicView {
  return { name, description, subscribers, createdAt: toInstant(createdAtMs), updatedAt: toInstant(updatedAtMs) };
}
