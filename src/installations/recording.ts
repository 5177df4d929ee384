// What the recording of one activity has to work with, and what all kinds of them need.

import type { ConversationReference } from '../domain/conversation.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import type { Installation } from '../domain/installation.ts';
import { personSubjects, placeSubject } from '../domain/installation-subject.ts';
import type { InstallationRow } from '../store/statements/installations.ts';
import type { Reach } from '../store/statements/presences.ts';
import type { RosterRow } from '../store/statements/rosters.ts';
import type { Statements } from '../store/store.ts';
import type { BotVoice } from './bot-messages.ts';
import type { Converse } from './converse.ts';

export interface RecordEventOptions {
  readonly appId: string;
  /** Distance of two send slots of a tenant, microseconds. */
  readonly laneIntervalUs: number;
  /** Whether people get the 1:1 welcome once a team or group chat makes them known. */
  readonly welcomesMembers: boolean;
}

/** One activity, in the transaction that records it. */
export interface Recording<Event extends InboundEvent = InboundEvent> {
  readonly tx: Statements;
  readonly event: Event;
  readonly nowMs: number;
  readonly voice: BotVoice;
  readonly converse: Converse;
  readonly options: RecordEventOptions;
}

/** What an activity does to the installation in its scope. */
export interface Change {
  readonly digest: string;
  readonly current: InstallationRow | undefined;
  readonly next: Installation;
  /** Whether nothing newer was recorded: only then does it tell how things are now. */
  readonly isFresh: boolean;
}

/** How somebody's coming or going is waited for before a roster is read: others may follow. */
export const READING_DELAY_MS = 5_000;

/** The team or group chat of an event. */
export function teamsIdOf({ team, conversation }: InboundEvent): string {
  return team?.id ?? conversation.conversationId;
}

/** Somebody of whom the roster knows nothing shows that it is out of date. */
export async function recordMember(
  { tx, nowMs }: Recording,
  { rosterId, personId }: { readonly rosterId: number; readonly personId: number },
): Promise<void> {
  if (await tx.rosters.addMember(rosterId, personId)) {
    await tx.rosters.requestReading(rosterId, nowMs + READING_DELAY_MS);
  }
}

/** Names the scope: the person of a personal installation, the team, or the group chat. */
export function subjectDigest({ scope, from, conversation, team }: InboundEvent): string | undefined {
  return scope === 'personal'
    ? from && personSubjects(from)[0]
    : placeSubject(conversation.tenantId, scope, team?.id ?? conversation.conversationId);
}

/** @returns undefined when the bot is not known to be there */
export function findRoster({ tx, event }: Recording): Promise<RosterRow | undefined> {
  return tx.rosters.find(event.conversation.tenantId, teamsIdOf(event));
}

/** Whether messages get there as the reference tells. Pure. */
export function isReachedBy({ serviceUrl, botAccountId }: Reach, reference: ConversationReference): boolean {
  return serviceUrl === reference.serviceUrl && botAccountId === reference.botAccountId;
}

/** @returns the row of the conversation, added or, if that is fresh, brought up to date */
export async function recordConversation(
  { tx, nowMs, options }: Recording,
  reference: ConversationReference,
  { isFresh, personId }: { readonly isFresh: boolean; readonly personId?: number | undefined },
): Promise<number> {
  // A person has one chat with the bot, whatever Teams calls it today.
  const known =
    (personId === undefined ? undefined : await tx.conversations.findByPerson(personId)) ??
    (await tx.conversations.findByReference(reference));
  if (known) {
    const isNews = known.teamsConversationId !== reference.conversationId || !isReachedBy(known, reference);
    if (isFresh && isNews) {
      await tx.conversations.update(known.id, reference, nowMs);
    }
    if (personId !== undefined && known.personId !== personId) {
      await tx.conversations.setPerson(known.id, personId);
    }
    return known.id;
  }
  const laneId = await tx.lanes.ensure({
    appId: options.appId,
    tenantId: reference.tenantId,
    intervalUs: options.laneIntervalUs,
  });
  return (await tx.conversations.insert(reference, { laneId, ...(personId !== undefined && { personId }) }, nowMs)).id;
}
