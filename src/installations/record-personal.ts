// The app in somebody's 1:1 chat: who they are, how they are reached, and their welcome.

import { PEOPLE_LOCK } from '../store/locks.ts';
import { queueBotMessage } from './bot-messages.ts';
import { type Change, type Recording, recordConversation } from './recording.ts';

/** @returns the row of the chat; null when an old sign tells of somebody who is gone */
export async function recordPersonal(recording: Recording, change: Change): Promise<number | null> {
  const { tx, event, nowMs, voice } = recording;
  const { digest, current, next, isFresh } = change;
  if (!isFresh) {
    return current?.conversationId ?? null;
  }
  const personId = await recordPerson(recording);
  const conversationId = await recordConversation(recording, event.conversation, { isFresh, personId });
  const installationId = await tx.installations.save(
    { tenantId: event.conversation.tenantId, scope: 'personal', digest },
    next,
    { conversationId, personId: personId ?? null, name: null },
  );
  if (next.generation > (current?.welcomedGeneration ?? 0)) {
    await tx.installations.setWelcomed(installationId, next.generation);
    await queueBotMessage({ tx, conversationId, nowMs, voice, content: { kind: 'welcome' } });
    if (personId !== undefined) {
      await tx.lookups.request(personId, nowMs);
    }
  }
  return conversationId;
}

async function recordPerson({ tx, event, nowMs }: Recording): Promise<number | undefined> {
  if (!event.from) {
    return undefined;
  }
  const known = await tx.people.findId(event.from);
  if (known !== undefined) {
    await tx.people.refresh(known, event.from, nowMs);
    return known;
  }
  await tx.locks.take(PEOPLE_LOCK);
  return tx.people.insert(event.from, nowMs);
}
