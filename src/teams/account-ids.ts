// By which ids Teams names people, told from those of bots and channels.

import { isConnectorId } from '../domain/conversation.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';

/** @returns undefined when there is no id to know somebody by */
export function readIds(account: Account, tenantId: string): PersonProfile | undefined {
  const aadObjectId = isGuid(account.aadObjectId) ? account.aadObjectId.toLowerCase() : undefined;
  const teamsUserId = isUserId(account.id) ? account.id : undefined;
  return aadObjectId || teamsUserId
    ? { tenantId, ...(aadObjectId && { aadObjectId }), ...(teamsUserId && { teamsUserId }) }
    : undefined;
}

/** An account in an activity. */
export interface Account {
  readonly id: string;
  readonly aadObjectId?: string | undefined;
}

/** In Teams the prefix of an id tells what it is of, `29:` for people; local tools write bare ids. */
export function isUserId(id: string): boolean {
  return isConnectorId(id) && (id.startsWith('29:') || !id.includes(':'));
}
