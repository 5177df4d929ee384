// The app left a scope: nothing is sent any more, and what was known because of it goes.

import { forgetPerson } from '../store/forget-person.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import { forgetPlace } from '../store/place.ts';
import { forgetLost } from './forget-lost.ts';
import { type Change, findRoster, type Recording } from './recording.ts';

/** The state stays, to know late signs as late. */
export async function recordRemoval(recording: Recording, { digest, current, next }: Change): Promise<void> {
  const { tx, event, nowMs } = recording;
  if (event.scope === 'personal') {
    await tx.locks.share(PEOPLE_LOCK);
  } else {
    await forgetRoster(recording);
  }
  if (current && current.conversationId !== null) {
    const { conversationId, personId } = current;
    await forgetPerson(tx, { conversationId, personId, reason: 'uninstalled', nowMs });
  }
  const subject = { tenantId: event.conversation.tenantId, scope: event.scope, digest };
  await tx.installations.save(subject, next, { conversationId: null, personId: null, name: null });
}

async function forgetRoster(recording: Recording): Promise<void> {
  const { tx, nowMs } = recording;
  await tx.locks.take(PEOPLE_LOCK);
  const roster = await findRoster(recording);
  if (roster) {
    await forgetPlace(tx, roster, nowMs);
    await forgetLost(tx, nowMs);
  }
}
