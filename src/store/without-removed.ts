// Who is not to be made known again: they removed the app, or were erased on request.

import { type PersonIds, personSubjects } from '../domain/installation-subject.ts';
import type { Statements } from './store.ts';

/** Leaves out who removed the app, or was erased: until they install it again, nothing else makes them known. */
export async function withoutRemoved<Person extends { readonly profile: PersonIds }>(
  tx: Statements,
  people: readonly Person[],
): Promise<readonly Person[]> {
  const states = await tx.rosters.listInstallationStates(people.flatMap(({ profile }) => personSubjects(profile)));
  return people.filter(({ profile }) => {
    const decisive = personSubjects(profile).find((subject) => states.has(subject));
    return decisive === undefined || states.get(decisive) !== 'removed';
  });
}
