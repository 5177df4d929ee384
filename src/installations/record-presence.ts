// The bot in a team or group chat: where it is reached, whose members are to be read, and who was heard there.

import { PEOPLE_LOCK } from '../store/locks.ts';
import type { RosterRow } from '../store/statements/rosters.ts';
import { withoutRemoved } from '../store/without-removed.ts';
import { queueWelcomes } from './bot-messages.ts';
import { type Change, findRoster, type Recording, recordConversation, recordMember, teamsIdOf } from './recording.ts';

/** @returns the row of the conversation that the activity came from */
export async function recordPresence(recording: Recording, change: Change): Promise<number> {
  const { tx, event } = recording;
  const { isFresh, current, next } = change;
  await tx.locks.take(PEOPLE_LOCK);
  // Of a team, the General channel: it has the id of the team.
  const main = { ...event.conversation, conversationId: teamsIdOf(event) };
  const conversationId = await recordConversation(recording, main, { isFresh });
  const spokenId = await recordConversation(recording, event.conversation, { isFresh });
  const installationId = isFresh || !current ? await saveInstallation(recording, change, conversationId) : current.id;
  const roster = await ensureRoster(recording, conversationId);
  if (isFresh) {
    await tx.rosters.describe(roster.id, { name: event.team?.name, aadGroupId: event.team?.aadGroupId });
  }
  if (event.kind === 'installed' && next.generation > (current?.welcomedGeneration ?? 0)) {
    await tx.installations.setWelcomed(installationId, next.generation);
    await planGreeting(recording, roster);
  }
  await recordSpeaker(recording, roster);
  return spokenId;
}

function saveInstallation({ tx, event }: Recording, { digest, next }: Change, conversationId: number): Promise<number> {
  return tx.installations.save({ tenantId: event.conversation.tenantId, scope: event.scope, digest }, next, {
    conversationId,
    personId: null,
    name: event.team?.name ?? null,
  });
}

async function ensureRoster(recording: Recording, conversationId: number): Promise<RosterRow> {
  const { tx, event, nowMs } = recording;
  const known = await findRoster(recording);
  return (
    known ??
    tx.rosters.insert({
      tenantId: event.conversation.tenantId,
      scope: event.scope === 'team' ? 'team' : 'groupChat',
      teamsId: teamsIdOf(event),
      conversationId,
      dueAtMs: nowMs,
    })
  );
}

/** The greeting goes out when it is known how many would see it, so the place is read now. */
async function planGreeting(recording: Recording, { id }: RosterRow): Promise<void> {
  const { tx, event, nowMs } = recording;
  const selected = 'selectedChannelId' in event ? event.selectedChannelId : undefined;
  const conversationId = selected ?? event.conversation.conversationId;
  const greetingId = await recordConversation(recording, { ...event.conversation, conversationId }, { isFresh: false });
  await tx.rosters.setGreeting(id, greetingId);
  await tx.rosters.requestReading(id, nowMs);
}

async function recordSpeaker(recording: Recording, roster: RosterRow): Promise<void> {
  const { tx, event, nowMs, voice, options } = recording;
  const { serviceUrl, botAccountId } = event.conversation;
  const [speaker] = event.from ? await withoutRemoved(tx, [{ profile: event.from }]) : [];
  if (!speaker) {
    return;
  }
  const { profile } = speaker;
  const known = await tx.people.findId(profile);
  if (known !== undefined) {
    await tx.people.refresh(known, profile, nowMs);
  }
  const personId = known ?? (await tx.people.insert(profile, nowMs));
  const laneId = await tx.lanes.getOfConversation(roster.conversationId);
  await tx.rosters.prepareChats([personId], { laneId, serviceUrl, botAccountId, nowMs });
  await recordMember(recording, { rosterId: roster.id, personId });
  if (known === undefined && options.welcomesMembers) {
    await queueWelcomes({ tx, personIds: [personId], nowMs, voice });
  }
}
