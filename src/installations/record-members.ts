// People come to a team or group chat, and leave it.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { PersonProfile } from '../domain/person.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import { forgetLost } from './forget-lost.ts';
import { findRoster, READING_DELAY_MS, type Recording } from './recording.ts';

/** People whose ids one statement looks for. */
const AT_ONCE = 500;

/** An event tells ids only: who came is read from the roster soon, together with those who follow. */
export async function recordMembers(recording: Recording<Extract<InboundEvent, { kind: 'members' }>>): Promise<void> {
  const { tx, event, nowMs } = recording;
  await tx.locks.take(PEOPLE_LOCK);
  const roster = await findRoster(recording);
  if (!roster) {
    return;
  }
  for (let at = 0; at < event.left.length; at += AT_ONCE) {
    const personIds = await findIds(recording, event.left.slice(at, at + AT_ONCE));
    if (personIds.length > 0) {
      await tx.rosters.removeMembers(roster.id, { kind: 'people', personIds }, nowMs);
    }
  }
  if (event.left.length > 0) {
    await tx.rosters.markStale(roster.id);
    // Those for whom there is no time in an answer to Teams, the reader of rosters forgets.
    await forgetLost(tx, nowMs);
  }
  if (event.added.length > 0) {
    await tx.rosters.requestReading(roster.id, nowMs + READING_DELAY_MS);
  }
}

async function findIds({ tx, event }: Recording, profiles: readonly PersonProfile[]): Promise<readonly number[]> {
  const known = await tx.rosters.findKnown({
    tenantId: event.conversation.tenantId,
    aadObjectIds: profiles.flatMap(({ aadObjectId }) => aadObjectId ?? []),
    // The object id decides who somebody is.
    teamsUserIds: profiles.flatMap(({ aadObjectId, teamsUserId }) => (aadObjectId ? [] : (teamsUserId ?? []))),
  });
  return known.map(({ id }) => id);
}
