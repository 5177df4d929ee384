// The rate limits as a bot meets them: 429 with Retry-After.

import { ManualClock } from '../../support/manual-clock.ts';
import { call, cardActivity, createBody, type Fixture, startFixture } from './sandbox-fixture.ts';

const clock = new ManualClock();
let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ clock, peopleCount: 100 });
});
afterEach(() => fixture.close());

const posts = (person: string) =>
  `POST v3/conversations/${fixture.sandbox.organisation.findPerson(person)?.conversationId}/activities`;

test('the eighth post in one second is answered 429, and a post after Retry-After is taken', async () => {
  fixture.sandbox.people.installQuietly('ana');
  for (let sent = 0; sent < 7; sent++) {
    expect((await call(fixture.sandbox, posts('ana'), { body: cardActivity() })).status).toBe(201);
  }
  const reply = await call(fixture.sandbox, posts('ana'), { body: cardActivity() });
  expect([reply.status, reply.code, reply.headers.get('retry-after')]).toEqual([429, 'Throttled', '1']);
  expect(fixture.sandbox.ledger.counts()).toMatchObject({ posted: 7, byStatus: { 201: 7, 429: 1 } });
  clock.advance(1_000);
  expect((await call(fixture.sandbox, posts('ana'), { body: cardActivity() })).status).toBe(201);
});

test('a text with a card takes two of the seven', async () => {
  fixture.sandbox.people.installQuietly('ana');
  const body = { ...cardActivity(), text: 'Look' };
  const statuses = [];
  for (let sent = 0; sent < 5; sent++) {
    statuses.push((await call(fixture.sandbox, posts('ana'), { body })).status);
  }
  expect(statuses).toEqual([201, 201, 201, 201, 429]);
});

test('edits and removals count like posts', async () => {
  fixture.sandbox.people.installQuietly('ana');
  const { json } = await call(fixture.sandbox, posts('ana'), { body: cardActivity() });
  const path = `${posts('ana').slice('POST '.length)}/${json['id']}`;
  for (let edits = 0; edits < 6; edits++) {
    await call(fixture.sandbox, `PUT ${path}`, { body: cardActivity() });
  }
  expect((await call(fixture.sandbox, `DELETE ${path}`)).status).toBe(429);
});

test('the fifty-first request of a second is answered 429, whatever it asks for', async () => {
  fixture.sandbox.people.installQuietly('operations');
  for (let person = 0; person < 50; person++) {
    const id = fixture.sandbox.organisation.findPerson(`p${person}`)?.teamsUserId ?? '';
    expect(
      (await call(fixture.sandbox, 'POST v3/conversations', { body: createBody(fixture.sandbox, id) })).status,
    ).toBe(201);
  }
  expect((await call(fixture.sandbox, posts('p50'), { body: cardActivity() })).status).toBe(429);
  expect((await call(fixture.sandbox, 'GET v3/teams/19:none')).status).toBe(429);
});

test('opening the same chat again and again is limited by person, whichever id is used', async () => {
  fixture.sandbox.people.installQuietly('ana');
  const ana = fixture.sandbox.organisation.findPerson('ana');
  const ids = [ana?.teamsUserId ?? '', ana?.aadObjectId ?? ''];
  const statuses = [];
  for (let at = 0; at < 8; at++) {
    const body = createBody(fixture.sandbox, ids[at % 2] ?? '');
    statuses.push((await call(fixture.sandbox, 'POST v3/conversations', { body })).status);
  }
  expect(statuses.filter((status) => status < 300)).toHaveLength(7);
  expect(statuses.at(-1)).toBe(429);
});
