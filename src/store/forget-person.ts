// Erasing a person: everything that names them or leads to them, in one transaction.

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
  await tx.deliveries.failQueued(conversationId, reason, nowMs);
  for (const answer of await tx.notifications.listAnswersNaming(conversationId)) {
    await tx.notifications.setAnswer(answer.producerId, answer.key, withoutRecipient(answer.body, answer.recipient));
  }
  await tx.deliveries.eraseRecipients(conversationId);
  await tx.conversations.erase(conversationId);
  if (personId !== null) {
    await tx.people.erase(personId);
  }
}

/** The stored answer with the person's names replaced by null; other entries stay as they were. */
function withoutRecipient(body: string, recipient: string): string {
  const answer: { deliveries: readonly { recipient: string | null; sameAs?: string | null }[] } = JSON.parse(body);
  const deliveries = answer.deliveries.map((delivery) => {
    if (delivery.recipient !== recipient && delivery.sameAs !== recipient) {
      return delivery;
    }
    return { ...delivery, recipient: null, ...(delivery.sameAs && { sameAs: null }) };
  });
  return JSON.stringify({ ...answer, deliveries });
}
