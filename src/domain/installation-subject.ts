// Whose installation it is, as a digest: it may outlive a person whose data was erased, and tells nobody who that was.

import { createHash } from 'node:crypto';
import type { InstallationScope } from './inbound-event.ts';
import type { PersonProfile } from './person.ts';

/** Who is meant by a personal installation. */
export type PersonIds = Pick<PersonProfile, 'tenantId' | 'aadObjectId' | 'teamsUserId'>;

/** One digest of several texts. */
export function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** A team or group chat, by its id in Teams. */
export function placeSubject(tenantId: string, scope: Exclude<InstallationScope, 'personal'>, teamsId: string): string {
  return digestOf(tenantId, scope, teamsId);
}

/** Under which digests a personal installation may be kept, the one for new ones first. */
export function personSubjects({ tenantId, aadObjectId, teamsUserId }: PersonIds): readonly string[] {
  return [aadObjectId, teamsUserId].flatMap((id) => (id ? digestOf(tenantId, 'personal', id) : []));
}
