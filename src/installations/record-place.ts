// A team or one of its channels was renamed, archived, deleted, or brought back.

import { assertNever } from '../domain/errors.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import { settlePlace } from '../store/place.ts';
import type { ChannelRow, NewChannel } from '../store/statements/channels.ts';
import type { RosterRow } from '../store/statements/rosters.ts';
import type { PlaceState } from '../store/teams-schema.ts';
import { findRoster, READING_DELAY_MS, type Recording, recordConversation } from './recording.ts';

type PlaceRecording = Recording<Extract<InboundEvent, { kind: 'place' }>>;

/** Nothing is posted to what is archived or deleted; what waits goes on when it comes back. */
export async function recordPlaceChange(recording: PlaceRecording): Promise<void> {
  const { tx } = recording;
  await tx.locks.take(PEOPLE_LOCK);
  const roster = await findRoster(recording);
  if (roster) {
    await changePlace(recording, roster);
  }
}

async function changePlace(recording: PlaceRecording, roster: RosterRow): Promise<void> {
  const { tx, event, nowMs } = recording;
  switch (event.change) {
    case 'teamRenamed':
      await tx.rosters.describe(roster.id, { name: event.team?.name });
      return tx.rosters.requestReading(roster.id, nowMs + READING_DELAY_MS);
    case 'teamArchived':
      return setTeamState(recording, roster, 'archived');
    case 'teamDeleted':
    case 'teamHardDeleted':
      return setTeamState(recording, roster, 'deleted');
    case 'teamUnarchived':
    case 'teamRestored':
      return setTeamState(recording, roster, 'active');
    case 'channelCreated':
    case 'channelRenamed':
    case 'channelRestored':
      return changeChannel(recording, roster, 'active');
    case 'channelDeleted':
      return changeChannel(recording, roster, 'deleted');
    default:
      return assertNever(event.change);
  }
}

async function setTeamState({ tx, event, nowMs }: PlaceRecording, roster: RosterRow, state: PlaceState): Promise<void> {
  if (!(await tx.rosters.setState(roster.id, state, event.atMs))) {
    return;
  }
  if (state === 'deleted') {
    await tx.rosters.breakOff(roster.id, null);
  } else {
    await tx.rosters.requestReading(roster.id, nowMs + READING_DELAY_MS);
  }
  await settlePlace(tx, { ...roster, state }, nowMs);
}

async function changeChannel(recording: PlaceRecording, roster: RosterRow, state: ChannelRow['state']): Promise<void> {
  const { tx, event, nowMs } = recording;
  const { channel, change, atMs } = event;
  // The General channel is the team itself.
  if (!channel || channel.id === roster.teamsId) {
    return;
  }
  const known = (await tx.rosters.listChannels(roster.id)).find(({ teamsId }) => teamsId === channel.id);
  if (!known) {
    await addChannel(recording, roster, { teamsId: channel.id, name: channel.name ?? null, state, stateAtMs: atMs });
  } else {
    if (channel.name !== undefined) {
      await tx.rosters.renameChannel(known.id, channel.name);
    }
    if (change !== 'channelRenamed') {
      await tx.rosters.setChannelState(known.id, state, atMs);
    }
  }
  await tx.rosters.requestReading(roster.id, nowMs + READING_DELAY_MS);
  await settlePlace(tx, roster, nowMs);
}

async function addChannel(
  recording: PlaceRecording,
  { id: rosterId }: RosterRow,
  channel: Pick<NewChannel, 'teamsId' | 'name' | 'state' | 'stateAtMs'>,
): Promise<void> {
  const reference = { ...recording.event.conversation, conversationId: channel.teamsId };
  const conversationId = await recordConversation(recording, reference, { isFresh: false });
  await recording.tx.rosters.insertChannel({ ...channel, rosterId, conversationId });
}
