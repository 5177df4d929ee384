// Who lives in the sandbox, and by which ids they are found.

import { isConnectorId } from '../../../src/domain/conversation.ts';
import { isGuid } from '../../../src/domain/person.ts';
import { Organisation, syntheticPerson } from '../../../src/sandbox/organisation.ts';

const organisation = new Organisation(1_000);

test('everybody is found by every id they have', () => {
  for (const person of [...organisation.people, syntheticPerson(0), syntheticPerson(999)]) {
    for (const id of [person.key, person.teamsUserId, person.aadObjectId, person.email, person.conversationId]) {
      expect(organisation.findPerson(id)).toEqual(person);
    }
  }
});

test('object ids and UPNs are found in any letter case, pairwise and conversation ids only in their own', () => {
  const [ana] = organisation.people;
  expect(organisation.findPerson('ANA@CONTOSO.COM')).toBe(ana);
  expect(organisation.findPerson(ana?.aadObjectId.toUpperCase() ?? '')).toBe(ana);
  expect(organisation.findPerson(ana?.teamsUserId.toLowerCase() ?? '')).toBeUndefined();
  expect(organisation.findPerson('29:1P5')).toBeUndefined();
});

test.each(['p1000', 'p01', '29:1p1000', 'p5@contoso.com', '29:1p5@contoso.com', 'p-1', 'p', ''])(
  'nobody is called "%s"',
  (id) => {
    expect(organisation.findPerson(id)).toBeUndefined();
  },
);

test('all ids are ids as Teams has them, and no two are equal', () => {
  const people = organisation.members(0, Number.MAX_SAFE_INTEGER);
  expect(people).toHaveLength(organisation.memberCount);
  for (const person of people) {
    expect(isGuid(person.aadObjectId)).toBe(true);
    expect(isConnectorId(person.teamsUserId) && person.teamsUserId.startsWith('29:')).toBe(true);
    expect(isConnectorId(person.conversationId) && person.conversationId.startsWith('a:')).toBe(true);
  }
  const ids = people.flatMap((person) => [person.aadObjectId, person.teamsUserId, person.conversationId, person.email]);
  expect(new Set(ids).size).toBe(ids.length);
});
