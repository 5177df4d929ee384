// Whom a notification mentions: known people only, by their row, and never a failure.

import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';

let notifications: Notifications;
let ana: InstalledPerson;
let ben: InstalledPerson;

beforeEach(async () => {
  notifications = await openNotifications();
  ana = await notifications.install(1);
  ben = await notifications.install(2);
});

afterEach(() => notifications.close());

const mentioned = () =>
  notifications
    .readRows(
      'SELECT notification_id, position, person_id FROM notification_mention ORDER BY notification_id, position',
    )
    .map((row) => row['person_id']);
const contents = () => notifications.readRows('SELECT content FROM notification').map((row) => String(row['content']));

test('people are kept by their row, each once, and nothing of them stands in the content', async () => {
  const { answer } = await notifications.ask({
    to: ana.email,
    mentions: [ben.email, ben.email.toUpperCase(), `aad:${ben.aadObjectId}`, ana.email],
  });
  expect(answer).not.toHaveProperty('mentionsLeftOut');
  expect(mentioned()).toEqual([ben.personId, ana.personId]);
  expect(contents()[0]).toContain('"mentionCount":2');
  expect(contents()[0]).not.toContain('person2');
});

test('who is not known, or not allowed for the key, is left out and listed with the reason', async () => {
  const twin = { tenantId: OTHER_TENANT, teamsUserId: '29:twin', email: ben.email };
  await notifications.store.write((tx) => tx.people.insert(twin, 0));
  const mentions = ['nobody@contoso.com', ben.email, 'eve@evil.example'];
  const { answer } = await notifications.ask(
    { to: ana.email, mentions },
    { rights: { recipients: ['*@contoso.com'] } },
  );
  expect(answer.deliveries).toHaveLength(1);
  expect(answer.mentionsLeftOut).toEqual([
    { recipient: 'nobody@contoso.com', reason: 'unknown' },
    { recipient: ben.email, reason: 'ambiguous' },
    { recipient: 'eve@evil.example', reason: 'not_allowed' },
  ]);
  expect(mentioned()).toEqual([]);
  expect(contents()[0]).not.toContain('mentionCount');
});
