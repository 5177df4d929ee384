// How many requests to the Connector are under way at once, however long it takes to answer.

import { syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { installSandboxPerson } from '../../support/sandbox-people.ts';

const PEOPLE = Array.from({ length: 30 }, (_, index) => syntheticPerson(index));
const TIMEOUT_MS = 10_000;

let service: RunningService;

afterEach(() => service.stop());

async function installEverybody(): Promise<void> {
  const store = openSqliteStore({ path: service.databasePath, isServer: false });
  const place = { sandbox: service.sandbox, nowMs: Date.now(), intervalUs: 25_000 };
  for (const person of PEOPLE) {
    await installSandboxPerson(store, person, place);
  }
  await store.close();
}

test('requests that are not answered keep no other one from leaving in its slot', async () => {
  service = await startService({
    env: { SHUTDOWN_GRACE_SECONDS: '0' },
    sandbox: { peopleCount: PEOPLE.length },
  });
  const { sandbox } = service;
  await installEverybody();
  sandbox.faults.add({ operation: 'sendToConversation', times: 'untilCleared', answer: { kind: 'hang' } });
  let received = 0;
  const everybody = sandbox.waitFor(
    ({ kind }) => {
      received += kind === 'request' ? 1 : 0;
      return received === PEOPLE.length;
    },
    { timeoutMs: TIMEOUT_MS },
  );
  await service.post({ to: PEOPLE.map(({ email }) => email), title: 'To everybody at once' });
  await everybody;
  expect(received).toBe(PEOPLE.length);
});
