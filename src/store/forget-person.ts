// Erasing a person: everything that names them or leads to them, in one transaction.

import { NAMES_LOCK } from './locks.ts';
import type { NamingAnswer } from './statements/names.ts';
import type { Statements } from './store.ts';

export interface ForgetInput {
  readonly conversationId: number;
  readonly personId: number | null;
  /** Why the deliveries that still wait will not arrive. */
  readonly reason: string;
  readonly nowMs: number;
}

/**
 * Ends what waits for the person and erases their data: the person, the chat, and how producers named them. What was
 * sent stays countable without telling to whom.
 */
export async function forgetPerson(tx: Statements, input: ForgetInput): Promise<void> {
  const { conversationId, personId, reason, nowMs } = input;
  await tx.locks.take(NAMES_LOCK);
  await tx.deliveries.failQueued(conversationId, reason, nowMs);
  await eraseFromAnswers(tx, await tx.names.listAnswersReaching(conversationId));
  await tx.names.eraseRecipients(conversationId);
  await tx.conversations.erase(conversationId);
  if (personId !== null) {
    await eraseMentions(tx, personId);
    await tx.people.erase(personId);
  }
}

/** One answer may name a person more than once. */
async function eraseFromAnswers(tx: Statements, answers: readonly NamingAnswer[]): Promise<void> {
  const bodies = new Map<string, string>();
  for (const { producerId, key, body, recipient } of answers) {
    const id = JSON.stringify([producerId, key]);
    const erased = JSON.stringify(withoutName(JSON.parse(bodies.get(id) ?? body), recipient));
    bodies.set(id, erased);
    await tx.names.setAnswer(producerId, key, erased);
  }
}

/** Also where they were named before anything was known of them. */
async function eraseMentions(tx: Statements, personId: number): Promise<void> {
  const nameKeys = await tx.people.listNameKeys(personId);
  await eraseFromAnswers(tx, await tx.names.listAnswersMentioning(nameKeys));
  const lists = new Map<number, string>();
  for (const { notificationId, unresolved, recipient } of await tx.names.listUnresolved(nameKeys)) {
    const erased = JSON.stringify(withoutName(JSON.parse(lists.get(notificationId) ?? unresolved), recipient));
    lists.set(notificationId, erased);
    await tx.names.setUnresolved(notificationId, erased);
  }
  await tx.names.deleteMentions(nameKeys);
}

/**
 * A copy in which `recipient` and `sameAs` that are this name are null, at any depth; an entry that is the same as an
 * erased one loses its own name too.
 */
function withoutName(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withoutName(item, name));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entry: Readonly<Record<string, unknown>> = { ...value };
  if (entry['recipient'] === name || entry['sameAs'] === name) {
    return { ...entry, recipient: null, ...('sameAs' in entry && { sameAs: null }) };
  }
  return Object.fromEntries(Object.entries(entry).map(([key, part]) => [key, withoutName(part, name)]));
}
