// Erasing a person: everything that names them or leads to them, in one transaction.

import { failDialogs } from './close-dialog.ts';
import { withoutNames } from './erase-names.ts';
import { NAMES_LOCK } from './locks.ts';
import type { Mentions, NamingAnswer, NamingList } from './statements/names.ts';
import type { NamingEscalation } from './statements/personal-answers.ts';
import type { ErasedTells } from './statements/told-names.ts';
import type { Statements } from './store.ts';

export interface ForgetInput {
  readonly conversationId: number;
  readonly personId: number | null;
  /** Why the deliveries that still wait will not arrive. */
  readonly reason: string;
  readonly nowMs: number;
}

/** Why what the person had told others is not sent any more. */
const TELLER_ERASED = 'person_erased';

/** What there was to forget. */
export interface Forgotten {
  readonly deliveriesEnded: number;
  /** How often producers had named the person. */
  readonly names: number;
}

/**
 * Ends what waits for the person and erases their data: the person, the chat, and how producers named them. What was
 * sent stays countable without telling to whom.
 */
export async function forgetPerson(tx: Statements, input: ForgetInput): Promise<Forgotten> {
  const { conversationId, personId, reason, nowMs } = input;
  await tx.locks.take(NAMES_LOCK);
  const deliveriesEnded = await tx.deliveries.failQueued(conversationId, reason, nowMs);
  await eraseFromAnswers(tx, await tx.names.listAnswersReaching(conversationId));
  const recipients = await tx.names.eraseRecipients(conversationId);
  await tx.conversations.erase(conversationId);
  const mentions =
    personId === null ? 0 : await forgetMentions(tx, { nameKeys: await tx.people.listNameKeys(personId) });
  if (personId !== null) {
    await failDialogs(tx, { personId, reason, nowMs });
    await tx.tells.eraseBySender(personId, TELLER_ERASED, nowMs);
    await tx.polls.eraseVotes(personId);
    await tx.statusEvents.eraseInputsOf(personId);
    await tx.people.erase(personId);
  }
  return { deliveriesEnded, names: recipients + mentions };
}

/**
 * Erases names also where nobody was reached by them, before anything was known of the person.
 *
 * @returns how many there were
 */
export async function forgetMentions(tx: Statements, mentions: Mentions): Promise<number> {
  await eraseFromAnswers(tx, await tx.names.listAnswersMentioning(mentions));
  await eraseFromLists(tx, await tx.names.listUnresolved(mentions));
  await eraseFromEscalations(tx, await tx.personalAnswers.listEscalations(mentions));
  return tx.names.deleteMentions(mentions);
}

/**
 * Erases what the person had told others, and them from the answers to those who had them told something.
 *
 * @returns what they had told
 */
export async function forgetTells(tx: Statements, personId: number, nowMs: number): Promise<ErasedTells> {
  for (const { id, people } of await tx.tells.listNaming()) {
    const others = people.filter((person) => person.personId !== personId);
    if (others.length < people.length) {
      // An answer that was given is erased whole: the others are in it too, and it has been read.
      await tx.tells.setPeople(id, others, nowMs);
    }
  }
  return tx.tells.eraseBySender(personId, TELLER_ERASED, nowMs);
}

/** One answer may name a person more than once. */
async function eraseFromAnswers(tx: Statements, answers: readonly NamingAnswer[]): Promise<void> {
  const bodies = new Map<string, string>();
  for (const { producerId, key, body, recipient } of answers) {
    const id = JSON.stringify([producerId, key]);
    const erased = withoutName(bodies.get(id) ?? body, recipient);
    bodies.set(id, erased);
    await tx.names.setAnswer(producerId, key, erased);
  }
}

async function eraseFromLists(tx: Statements, named: readonly NamingList[]): Promise<void> {
  const lists = new Map<number, string>();
  for (const { notificationId, unresolved, recipient } of named) {
    const erased = withoutName(lists.get(notificationId) ?? unresolved, recipient);
    lists.set(notificationId, erased);
    await tx.names.setUnresolved(notificationId, erased);
  }
}

async function eraseFromEscalations(tx: Statements, named: readonly NamingEscalation[]): Promise<void> {
  const lists = new Map<number, readonly string[]>();
  for (const { notificationId, escalateTo, recipient } of named) {
    const before: readonly string[] = lists.get(notificationId) ?? JSON.parse(escalateTo);
    const left = before.filter((one) => one !== recipient);
    lists.set(notificationId, left);
    await tx.personalAnswers.setEscalateTo(notificationId, left);
  }
}

function withoutName(json: string, name: string): string {
  return JSON.stringify(withoutNames(JSON.parse(json), (found) => found === name));
}
