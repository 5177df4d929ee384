// Who is meant by a mention, and whether and where they can be told something.

import { isConnectorId } from '../domain/conversation.ts';
import type { InboundContext } from '../domain/inbound-event.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import type { ToldPerson } from '../store/statements/told-names.ts';
import type { Statements } from '../store/store.ts';
import { withoutRemoved } from '../store/without-removed.ts';
import type { Addressee } from './parse-tell.ts';

/** On which occasion somebody is looked for. */
export interface Occasion {
  readonly tx: Statements;
  /** Others of the tenant are reached where it was said. */
  readonly event: Pick<InboundContext, 'conversation'>;
  readonly nowMs: number;
  /** Row id of the conversation where it was said. */
  readonly conversationId: number;
}

/** Makes somebody known who was not, with a chat that is opened when the message goes out. */
export async function findAddressee(occasion: Occasion, { id, name }: Addressee): Promise<ToldPerson> {
  const { tx, event, nowMs } = occasion;
  const profile = toProfile(event.conversation.tenantId, id);
  const knownId = profile && (await tx.people.findId(profile));
  if (!profile || (await hasRemoved(tx, profile, knownId))) {
    return { name, obstacle: 'not_installed', ...(knownId !== undefined && { personId: knownId }) };
  }
  const personId = knownId ?? (await tx.people.insert({ ...profile, ...(name !== '' && { name }) }, nowMs));
  const { optedOutAtMs } = await tx.preferences.get(personId);
  return optedOutAtMs === undefined
    ? { personId, name, conversationId: await findChat(occasion, personId) }
    : { personId, name, obstacle: 'opted_out' };
}

/** @returns undefined for what is no id of a person */
function toProfile(tenantId: string, id: string): PersonProfile | undefined {
  if (isGuid(id)) {
    return { tenantId, aadObjectId: id.toLowerCase() };
  }
  return isUserId(id) ? { tenantId, teamsUserId: id } : undefined;
}

/** In Teams the prefix tells what an id is of; local tools write bare ids. */
function isUserId(id: string): boolean {
  return isConnectorId(id) && (id.startsWith('29:') || !id.includes(':'));
}

/** Whoever has removed the bot, or was erased on request, is not written to; Teams is asked about everybody else. */
async function hasRemoved(tx: Statements, profile: PersonProfile, personId: number | undefined): Promise<boolean> {
  const known = personId === undefined ? undefined : (await tx.tells.findPerson(personId))?.ids;
  return (await withoutRemoved(tx, [{ profile: { ...profile, ...known } }])).length === 0;
}

async function findChat({ tx, event, nowMs, conversationId }: Occasion, personId: number): Promise<number | undefined> {
  const { serviceUrl, botAccountId } = event.conversation;
  const laneId = await tx.lanes.getOfConversation(conversationId);
  await tx.rosters.prepareChats([personId], { laneId, serviceUrl, botAccountId, nowMs });
  return (await tx.conversations.findByPerson(personId))?.id;
}
