// What Teams tells of a place, written down: its name, its channels, who is in it, and that it cannot say so now.

import { retryDelayMs, throttlePauseMs } from '../domain/retry.ts';
import { settlePlace } from '../store/place.ts';
import { queueBotMessage } from './bot-messages.ts';
import type { Written } from './reading.ts';
import { READING_DELAY_MS } from './recording.ts';
import type { ChannelsAnswer, MembersAnswer, NoAnswer, TeamAnswer } from './roster.ts';
import { writeMembers } from './write-members.ts';

type Found<Answer> = Exclude<Answer, NoAnswer>;

/** A post would disturb everybody in a larger place. */
const MAX_GREETED = 100;
const MAX_ATTEMPTS = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When the night begins, UTC, and how long readings are spread over it. */
const NIGHT_FROM_MS = HOUR_MS;
const NIGHT_MS = 4 * HOUR_MS;

/** Some instant of the coming night. @param jitter in [0, 1). Pure. */
export function nextNightMs(nowMs: number, jitter: number): number {
  const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const nightMs = midnightMs + NIGHT_FROM_MS > nowMs ? midnightMs : midnightMs + DAY_MS;
  return nightMs + NIGHT_FROM_MS + Math.floor(jitter * NIGHT_MS);
}

/** The name of the team, and its greeting. */
export async function writeTeam(team: Found<TeamAnswer>, written: Written): Promise<undefined> {
  const { tx, reading } = written;
  await tx.rosters.describe(reading.id, team);
  if (team.memberCount !== undefined) {
    await greet(written, team.memberCount);
  }
}

/** Once for each time that the bot comes to the place. */
async function greet({ tx, reading, nowMs, voice }: Written, memberCount: number): Promise<void> {
  const conversationId = await tx.rosters.getGreeting(reading.id);
  if (conversationId === null) {
    return;
  }
  await tx.rosters.setGreeting(reading.id, null);
  if (memberCount <= MAX_GREETED) {
    await queueBotMessage({ tx, conversationId, nowMs, voice, content: { kind: 'placeWelcome' } });
  }
}

/** What is not listed is gone, or closed to bots; events that came after the question know better. */
export async function writeChannels(
  { channels }: Found<ChannelsAnswer>,
  { tx, reading, nowMs, askedAtMs }: Written,
): Promise<undefined> {
  const { id: rosterId, tenantId, teamsId, serviceUrl, botAccountId, laneId } = reading;
  const known = new Map((await tx.rosters.listChannels(rosterId)).map((row) => [row.teamsId, row]));
  for (const { id, name = null } of channels) {
    const row = known.get(id);
    known.delete(id);
    if (row && name !== null) {
      await tx.rosters.renameChannel(row.id, name);
    }
    if (row?.state === 'deleted') {
      await tx.rosters.setChannelState(row.id, 'active', askedAtMs);
    }
    if (!row) {
      const reference = { tenantId, kind: 'channel', serviceUrl, botAccountId, conversationId: id } as const;
      const conversation =
        (await tx.conversations.findByReference(reference)) ??
        (await tx.conversations.insert(reference, { laneId }, nowMs));
      const place = { rosterId, teamsId: id, conversationId: conversation.id };
      await tx.rosters.insertChannel({ ...place, name, state: 'active', stateAtMs: askedAtMs });
    }
  }
  for (const row of known.values()) {
    await tx.rosters.setChannelState(row.id, 'deleted', askedAtMs);
  }
  const roster = await tx.rosters.find(tenantId, teamsId);
  if (roster) {
    await settlePlace(tx, roster, nowMs);
  }
}

/** A reading that has come to its end. */
export interface RosterEnd {
  readonly scope: Written['reading']['scope'];
  readonly members: number;
  readonly left: number;
}

/** After the last page whoever was on none has left. */
export async function writePage(page: Found<MembersAnswer>, written: Written): Promise<RosterEnd | undefined> {
  const { tx, reading, nowMs, jitter } = written;
  if (page.kind === 'stale') {
    await tx.rosters.breakOff(reading.id, nowMs);
    return undefined;
  }
  await writeMembers(written, page.members);
  if (page.continuation !== undefined) {
    await tx.rosters.turnPage(reading.id, page.continuation, nowMs);
    return undefined;
  }
  const left = await tx.rosters.removeMembers(reading.id, { kind: 'unseen', reading: reading.reading }, nowMs);
  const members = await tx.rosters.countMembers(reading.id);
  if (reading.scope === 'groupChat') {
    await tx.rosters.describe(reading.id, { memberCount: members });
  }
  await greet(written, members);
  const ends = { nowMs, nextMs: nextNightMs(nowMs, jitter), soonMs: nowMs + READING_DELAY_MS };
  await tx.rosters.closeReading(reading.id, ends);
  return { scope: reading.scope, members, left };
}

/** A place that is not ours to read is not asked about again until something happens there. */
export async function writeNoAnswer(answer: NoAnswer, { tx, reading, nowMs, jitter }: Written): Promise<void> {
  const { id, laneId, attempts } = reading;
  if (answer.kind === 'throttled') {
    const pauseMs = throttlePauseMs(answer.retryAfterMs);
    await tx.lanes.pause(laneId, nowMs, pauseMs);
    return tx.rosters.giveStepBack(reading, nowMs + pauseMs);
  }
  if (!(await tx.rosters.renew(reading, nowMs))) {
    return;
  }
  if (answer.kind === 'absent') {
    return tx.rosters.breakOff(id, null);
  }
  const delayMs = retryDelayMs({ failures: attempts, retryAfterMs: answer.retryAfterMs, jitter });
  return attempts < MAX_ATTEMPTS
    ? tx.rosters.postpone(id, nowMs + delayMs)
    : tx.rosters.breakOff(id, nextNightMs(nowMs, jitter));
}
