// What a person was told: why the last of it, and what of it is not over yet.

import type { AddressedBy, BotAnswer } from '../domain/bot-answer.ts';
import { clip } from '../domain/literal.ts';
import type { StoredContent } from '../domain/notification.ts';
import type { ReachedAudience, ShownMessage } from '../store/statements/conversation-history.ts';
import type { Speaker } from './speaker.ts';

/** Things that an answer names. */
const MAX_OPEN = 10;
/** In UTF-16 units; of what has no title, this much of its text stands for it. */
const MAX_TITLE_LENGTH = 120;

/** Explains the message that came last. @param botProducerId whose messages are answers, and need no reason */
export async function explainLatest(speaker: Speaker, botProducerId: number): Promise<BotAnswer> {
  const { tx, personId } = speaker;
  const chat = await tx.conversations.findByPerson(personId);
  const latest = chat ? await tx.conversationHistory.listLatest(chat.id, botProducerId) : [];
  const sent = await withTimes(speaker, latest);
  // What was changed last may have been posted long ago.
  for (const { message } of sent.toSorted((left, right) => (right.postedAtMs ?? 0) - (left.postedAtMs ?? 0))) {
    const answer = await explain(speaker, message);
    if (answer) {
      return answer;
    }
  }
  return { kind: 'nothingSent' };
}

/** @returns undefined when nothing is left of what was said */
export async function explain(speaker: Speaker, message: ShownMessage): Promise<BotAnswer | undefined> {
  const said = saidBy(message.content);
  const [sent] = await withTimes(speaker, [message]);
  if (!said || !sent) {
    return undefined;
  }
  const { title, source } = said;
  const addressedBy = said.addressedBy ?? (await findAddress(speaker, message));
  return { kind: 'why', title, source, addressedBy, sentAtMs: sent.postedAtMs ?? message.updatedAtMs };
}

/** Of whom a message is; undefined for the bot's own, and for what was erased. Pure. */
export function sourceOf(content: StoredContent): string | undefined {
  return saidBy(content)?.source;
}

interface Sent {
  readonly message: ShownMessage;
  /** Undefined where an earlier message was edited to say it. */
  readonly postedAtMs: number | undefined;
}

async function withTimes({ tx }: Speaker, messages: readonly ShownMessage[]): Promise<readonly Sent[]> {
  const attempts = await tx.attempts.list(messages.map(({ deliveryId }) => deliveryId));
  return messages.map((message) => {
    const posted = attempts.findLast((one) => one.deliveryId === message.deliveryId && one.outcome === 'delivered');
    return { message, postedAtMs: posted?.finishedAtMs ?? undefined };
  });
}

interface Said {
  readonly title: string;
  readonly source: string;
  /** Where the message itself tells it. */
  readonly addressedBy?: AddressedBy;
}

function saidBy(content: StoredContent): Said | undefined {
  switch (content.kind) {
    case 'event':
    case 'card':
      return { title: content.title, source: content.source };
    case 'told':
      return {
        title: clip(content.text, MAX_TITLE_LENGTH),
        source: content.source,
        addressedBy: { kind: 'mention', name: content.by },
      };
    default:
      return undefined;
  }
}

async function findAddress({ tx, personId }: Speaker, message: ShownMessage): Promise<AddressedBy> {
  if (message.recipient !== null) {
    return { kind: 'name' };
  }
  const audiences = await tx.conversationHistory.listAudiences(message.notificationId, personId);
  const found = closest(audiences.filter(({ isIn }) => isIn)) ?? closest(audiences);
  return found ? toAddress(found) : { kind: 'name' };
}

/** What somebody chose tells more than where they were put, and that more than what everybody gets. */
const CLOSENESS = ['topic', 'roster', 'everyone'] as const;

function closest(audiences: readonly ReachedAudience[]): ReachedAudience | undefined {
  return CLOSENESS.map((kind) => audiences.find(({ audience }) => audience === kind)).find((one) => one !== undefined);
}

function toAddress({ audience, name }: ReachedAudience): AddressedBy {
  switch (audience) {
    case 'everyone':
      return { kind: 'everyone' };
    case 'roster':
      return { kind: 'team', name };
    case 'topic':
      return { kind: 'topic', name };
  }
}

/** What is not over yet, of what the person was told. */
export async function showInbox({ tx, personId }: Speaker): Promise<BotAnswer> {
  const chat = await tx.conversations.findByPerson(personId);
  const { first, count } = chat ? await tx.conversationHistory.listOpen(chat.id, MAX_OPEN) : { first: [], count: 0 };
  const things = first.map(({ title, source, openedAtMs }) => ({ title, source, sinceMs: openedAtMs }));
  return { kind: 'inbox', things, more: count - things.length };
}
