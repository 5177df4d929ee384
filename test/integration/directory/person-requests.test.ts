// What a producer may ask about people, and what the log says of it.

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Asker, createPersonRequests } from '../../../src/directory/person-requests.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { TENANT } from '../../support/store-fixtures.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';
const OFFICER: Asker = { keyId: 'key-of-officer', recipients: [] };

let fixture: DeliveryFixture;
let log: string[];
let email: string;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
  log = [];
  const ana = await fixture.install(1);
  email = ana.email;
  await fixture.queue([ana]);
});

afterEach(() => fixture.dispose());

const requests = () => {
  const logger = createLogger('info', { write: (line) => log.push(line) });
  return createPersonRequests({ store: fixture.store, clock: fixture.clock, logger });
};

const exportBy = async (asker: Asker, json: unknown) => {
  let text = '';
  for await (const part of await requests().exportPerson({ asker, json })) {
    text += part;
  }
  return JSON.parse(text);
};

const eraseBy = (asker: Asker, json: unknown) => requests().erasePerson({ asker, json });

test('each leaves one line in the log, with the key and counts and without the person', async () => {
  await exportBy(OFFICER, { person: email });
  await eraseBy(OFFICER, { person: email });
  const lines = log.map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { msg: 'personal data exported', keyId: 'key-of-officer', deliveries: 1, mentions: 0, isComplete: true },
    { msg: 'personal data erased', keyId: 'key-of-officer', people: 1, installations: 1, names: 1, contents: 1 },
  ]);
  // An id of Teams, not the 29th minute of an hour.
  expect(log.join('')).not.toMatch(/contoso|(?<!\d:)29:|00000000-0000-4000/);
});

test('what the person answered and how they reacted is in the export, and what they entered goes with them', async () => {
  const [run, erased] = [new DatabaseSync(fixture.path), 'because of Ana'];
  run.exec(`
    INSERT INTO ask (notification_id, state) VALUES (1, 'open');
    INSERT INTO response (notification_id, person_id, action, input, responded_at_ms) VALUES (1, 1, 'approve', '"${erased}"', 0);
    INSERT INTO response (notification_id, person_id, action, responded_at_ms) VALUES (1, 1, ':acknowledge', 0);
    INSERT INTO reaction (delivery_id, person_id, type, reacted_at_ms) VALUES (1, 1, 'heart', 0);
    UPDATE delivery SET read_at_ms = 0`);
  const at = '1970-01-01T00:00:00.000Z';
  const answer = { notification: expect.stringMatching(/^ntf_/), producer: 'ci', respondedAt: at };
  expect(await exportBy(OFFICER, { person: email })).toMatchObject({
    responses: [
      { ...answer, action: 'approve', input: erased },
      { ...answer, action: ':acknowledge', input: null },
    ],
    reactions: [{ delivery: 'dlv_1', notification: answer.notification, type: 'heart', reactedAt: at }],
    deliveries: [{ readAt: at }],
  });
  await eraseBy(OFFICER, { person: email });
  expect(run.prepare('SELECT person_id, action, input FROM response ORDER BY id').all()).toEqual([
    { person_id: null, action: 'approve', input: null },
    { person_id: null, action: ':acknowledge', input: null },
  ]);
  expect(run.prepare('SELECT * FROM reaction').all()).toEqual([]);
  run.close();
  const files = ['', '-wal'].map((suffix) => readFileSync(`${fixture.path}${suffix}`, 'latin1')).join('');
  expect(files).not.toContain(erased);
});

test('an export that is broken off says so', async () => {
  for await (const _ of await requests().exportPerson({ asker: OFFICER, json: { person: email } })) {
    break;
  }
  expect(log.join('')).toContain('"isComplete":false');
});

test('a producer of a tenant reaches the people of that tenant only', async () => {
  const stranger = { ...OFFICER, tenantId: OTHER_TENANT };
  await expect(exportBy(stranger, { person: email })).rejects.toMatchObject({ code: 'not_found' });
  await expect(eraseBy(stranger, { person: email })).rejects.toMatchObject({ code: 'not_found' });
  await expect(eraseBy(stranger, { person: email, tenant: TENANT })).rejects.toMatchObject({ code: 'forbidden' });
  const own = { ...OFFICER, tenantId: TENANT };
  expect(await exportBy(own, { person: email, tenant: TENANT.toUpperCase() })).toMatchObject({ person: { email } });
});

test('a key for some recipients reaches no others', async () => {
  const limited = { ...OFFICER, recipients: ['*@contoso.com'] };
  expect(await exportBy(limited, { person: email })).toMatchObject({ person: { email } });
  for (const person of ['ben@fabrikam.com', 'aad:00000000-0000-4000-8000-000000000001']) {
    await expect(eraseBy(limited, { person })).rejects.toMatchObject({ code: 'forbidden' });
  }
});

test.each([
  [{}, '/person'],
  [{ person: 7 }, '/person'],
  [{ person: 'ana' }, '/person'],
  [{ person: 'everyone' }, '/person'],
  [{ person: 'aad:1' }, '/person'],
  [{ person: 'ana@contoso.com', tenant: 'contoso' }, '/tenant'],
  [{ person: 'ana@contoso.com', tennant: TENANT }, '/tennant'],
])('%j is refused with a pointer to what is wrong', async (json, pointer) => {
  const refusal = { code: 'invalid_request', faults: [{ pointer }] };
  await expect(exportBy(OFFICER, json)).rejects.toMatchObject(refusal);
  await expect(eraseBy(OFFICER, json)).rejects.toMatchObject(refusal);
});

test('what is erased is in no byte of the files', async () => {
  await eraseBy(OFFICER, { person: email });
  const files = ['', '-wal'].map((suffix) => readFileSync(`${fixture.path}${suffix}`, 'latin1')).join('');
  expect(['person1@contoso.com', '00000000-0000-4000-8000-000000000001'].filter((one) => files.includes(one))).toEqual(
    [],
  );
});
