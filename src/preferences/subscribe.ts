// Topics: which there are, and what the person has subscribed to.

import type { BotAnswer } from '../domain/bot-answer.ts';
import type { TopicRow } from '../store/statements/topics.ts';
import type { Statements } from '../store/store.ts';
import { toComparable } from './command-words.ts';
import { findNearest } from './edit-distance.ts';
import type { Speaker } from './speaker.ts';

/** All topics, and which of them are the person's. */
export async function showTopics({ tx, personId }: Speaker): Promise<BotAnswer> {
  const own = new Set((await tx.topics.listOfPerson(personId)).map(({ id }) => id));
  const topics = (await tx.topics.list()).map(({ id, name, description }) => ({
    name,
    description,
    isSubscribed: own.has(id),
  }));
  return { kind: 'topics', topics };
}

/** To have it already is as good as getting it. */
export async function subscribe({ tx, personId, nowMs }: Speaker, name: string): Promise<BotAnswer> {
  const found = await findTopic(tx, name);
  if (found.kind !== 'topic') {
    return found;
  }
  await tx.topics.subscribe(found.topic.id, personId, nowMs);
  return { kind: 'subscribed', topic: found.topic.name };
}

/** The same the other way. */
export async function unsubscribe({ tx, personId }: Speaker, name: string): Promise<BotAnswer> {
  const found = await findTopic(tx, name);
  if (found.kind !== 'topic') {
    return found;
  }
  await tx.topics.unsubscribe(found.topic.id, personId);
  return { kind: 'unsubscribed', topic: found.topic.name };
}

type Found =
  | { readonly kind: 'topic'; readonly topic: TopicRow }
  | Extract<BotAnswer, { readonly kind: 'noSuchTopic' }>;

async function findTopic({ topics }: Statements, name: string): Promise<Found> {
  const exact = await topics.find(name.toLowerCase());
  if (exact) {
    return { kind: 'topic', topic: exact };
  }
  const all = await topics.list();
  const wanted = toComparable(name);
  const topic = all.find((one) => toComparable(one.name) === wanted);
  if (topic) {
    return { kind: 'topic', topic };
  }
  const suggestion = findNearest(
    wanted,
    all.map((one) => one.name),
  );
  return { kind: 'noSuchTopic', topic: name, ...(suggestion !== undefined && { suggestion }) };
}
