// Two processes on one PostgreSQL: what one accepts while the other claims or accepts, for the same chat.

import { randomInt } from 'node:crypto';
import type { Statements, Store } from '../../../src/store/store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';
import { createLifecycleFixture } from './lifecycle-fixture.ts';
import { createModelPlay } from './model.ts';

let server: PostgresServer;
let queue: PostgresDeliveryFixture;
let fixture: ReturnType<typeof createLifecycleFixture>;
let other: Store;
let ana: InstalledPerson;

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  queue = await PostgresDeliveryFixture.create(server);
  fixture = createLifecycleFixture(queue);
  other = await queue.openBeside();
  ana = await queue.install(1);
});

afterEach(() => queue.dispose());

afterAll(() => server.dispose());

/** What the other process has written, and not committed before it is let go. */
async function beginBeside(work: (tx: Statements) => Promise<unknown>) {
  const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = other.write(async (tx) => {
    await work(tx);
    begun.resolve();
    await go.promise;
  });
  await begun.promise;
  const commit = () => {
    go.resolve();
    return done;
  };
  return { commit };
}

/** Until somebody waits for a lock of another transaction. */
const untilBlocked = () =>
  eventually(async () => {
    const [row] = await queue.rows(`SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted`);
    return Number(row?.['waiting']) > 0;
  }, 'one transaction waits for another');

const claim = (tx: Statements) =>
  tx.queue.claim({
    ...{ owner: 'x', nowMs: queue.clock.nowMs(), leaseMs: 60_000, limit: 10, quantum: 10, horizonMs: 1_000 },
    ...{ closedOrigins: [], isClosedToRetries: false },
  });

test.each(['edit', 'recall'] as const)(
  'an %s reaches what another process is claiming at that moment',
  async (kind) => {
    const { id } = await fixture.send([ana], {});
    const { commit } = await beginBeside(claim);
    const changed = kind === 'edit' ? fixture.edit(id, { title: 'Disk full' }) : fixture.recall(id);
    await Promise.race([untilBlocked(), changed]);
    await commit();
    await changed;
    expect(await queue.states()).toEqual([kind === 'edit' ? 'queued' : 'cancelled']);
  },
);

test('events of one key that two processes accept while both deliver are told by one message', async () => {
  const beside = createLifecycleFixture(Object.create(queue, { store: { value: other } }));
  queue.sender.script = fixture.chats.script;
  await queue.createDispatcher({ isAlone: false }).start();
  await queue.createDispatcher({ isAlone: false, store: other }).start();
  const isOver = async () => (await queue.states()).every((state) => state === 'sent' || state === 'superseded');
  for (let round = 1; round <= 4; round++) {
    await Promise.all(
      Array.from({ length: 5 }, (_, at) => [
        fixture.tell([ana], { state: 'open', title: `a${at}` }),
        beside.tell([ana], { state: 'acknowledged', title: `b${at}` }),
      ]).flat(),
    );
    await Promise.all([fixture.tell([ana], { state: 'resolved' }), beside.tell([ana], { state: 'resolved' })]);
    await fixture.passUntil(isOver);
    const shown = fixture.chats.of('a:11111');
    expect(shown.length).toBeLessThanOrEqual(round);
    expect(shown.filter(({ state }) => state !== 'resolved')).toEqual([]);
  }
});

test('whatever happens to many things at once, each chat shows in the end what it has to', async () => {
  const play = await createModelPlay(queue);
  expect(await play.play({ count: 300, steps: 4, seed: randomInt(2 ** 31) })).toEqual([]);
  await play.stop();
}, 120_000);

test('a recall and the next event of its key come one after the other', async () => {
  const first = await fixture.tell([ana]);
  const beside = await beginBeside((tx) => tx.locks.take(`lifecycle ${queue.producerId} disk`));
  const recalled = fixture.recall(first.id);
  await Promise.race([untilBlocked(), recalled]);
  expect((await queue.rows('SELECT recalled_at_ms FROM notification'))[0]).toEqual({ recalled_at_ms: null });
  await beside.commit();
  expect(await recalled).toMatchObject({ isChanged: true });
});
