// What is known of a person, beside what Teams tells of them.

import type { PersonProfile } from '../domain/person.ts';
import type { KnownMember } from '../store/statements/roster-members.ts';

const PARTS = ['aadObjectId', 'teamsUserId', 'name', 'email', 'userPrincipalName', 'locale', 'timeZone'] as const;

/** Most of what Teams tells is known from before. Pure. */
export function isNews(profile: PersonProfile, known: KnownMember): boolean {
  return PARTS.some((part) => profile[part] !== undefined && profile[part] !== known[part]);
}
