// Whoever presses a button in a team or group chat where all is known: nothing of it is written again, so they do not
// wait for one another.

import type { InboundEvent } from '../domain/inbound-event.ts';
import { presenceLock } from '../store/locks.ts';
import type { Presence } from '../store/statements/presences.ts';
import type { Statements } from '../store/store.ts';
import type { Turn } from '../store/turn.ts';
import { isNews } from './known-person.ts';
import { isReachedBy, type Recording, recordMember, teamsIdOf } from './recording.ts';

/** Who presses, and where. */
export type Recognised = Pick<Turn, 'conversationId' | 'placeId'> & { readonly personId: number };

/**
 * Finds who presses, and keeps what is new of the person alone.
 *
 * @param digest of the installation in the place
 * @returns undefined when the activity tells anything else that is new
 */
export async function recognise(recording: Recording, digest: string): Promise<Recognised | undefined> {
  const { tx, event, nowMs } = recording;
  await tx.locks.share(presenceLock(digest));
  const known = await findKnown(tx, event, digest);
  if (!known) {
    return undefined;
  }
  const { recognised, presence } = known;
  const { personId } = recognised;
  if (event.from && isNews(event.from, presence.person)) {
    await tx.people.refresh(personId, event.from, nowMs);
  }
  if (presence.isUnread) {
    await recordMember(recording, { rosterId: presence.place.id, personId });
  }
  return recognised;
}

/** @returns undefined when the activity tells anything that is new of the place, or comes from somebody unknown there */
export async function findKnown(
  tx: Statements,
  event: InboundEvent,
  digest: string,
): Promise<{ readonly recognised: Recognised; readonly presence: Presence } | undefined> {
  const { conversation, from, threadId = null } = event;
  const { tenantId, conversationId } = conversation;
  if (from?.aadObjectId === undefined) {
    return undefined;
  }
  const key = { digest, tenantId, conversationId, teamsId: teamsIdOf(event), threadId };
  const presence = await tx.presences.find({ ...key, aadObjectId: from.aadObjectId });
  if (!presence || !isAsKnown(event, presence)) {
    return undefined;
  }
  const { person, thread, spoken } = presence;
  const recognised = { personId: person.id, placeId: spoken.conversationId };
  return { presence, recognised: { ...recognised, conversationId: (thread ?? spoken).conversationId } };
}

/** Whether the place is as the event tells. Pure. */
function isAsKnown(event: InboundEvent, { place, spoken, thread }: Presence): boolean {
  const { team, conversation, threadId } = event;
  const reaches = [place, spoken, ...(thread ? [thread] : [])];
  return (
    (team?.name === undefined || team.name === place.name) &&
    (team?.aadGroupId === undefined || team.aadGroupId === place.aadGroupId) &&
    place.teamsConversationId === teamsIdOf(event) &&
    (threadId === undefined || thread !== null) &&
    reaches.every((reach) => isReachedBy(reach, conversation))
  );
}
