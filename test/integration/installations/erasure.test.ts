// A person who removes the bot leaves nothing behind that names them, anywhere in the database.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { erasePerson } from '../../../src/directory/erase-person.ts';
import { createAcceptance } from '../../../src/notifications/accept-notification.ts';
import type { AcceptedNotification } from '../../../src/notifications/store-notification.ts';
import { createCardComposer } from '../../../src/teams/cards/composer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { InboundFixture } from '../../support/inbound-fixture.ts';
import { noTemplates } from '../../support/no-templates.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';

/** Everything by which Ana could be recognised. */
const ANA = {
  aadObjectId: 'ca11ab1e-0000-4000-8000-00000000a4a4',
  teamsUserId: '29:pairwise-of-ana',
  conversationId: 'a:chat-of-ana',
  name: 'Ana Canary',
  email: 'Ana.Mail@Contoso.com',
  userPrincipalName: 'ana.upn@contoso.com',
};
const TRACES = Object.values(ANA);

let fixture: InboundFixture;
let accept: (
  to: readonly string[],
  key: string,
  mentions?: readonly string[],
) => Promise<{ answer: AcceptedNotification; isReplay: boolean }>;

const ana = (at: number) => {
  const { conversationId, email: _, userPrincipalName: __, ...profile } = ANA;
  const context = fixture.personal({ at, profile });
  return { ...context, conversation: { ...context.conversation, conversationId } };
};

beforeEach(async () => {
  fixture = await InboundFixture.create();
  const { store, clock, producerId } = fixture.queue;
  const deps = {
    store,
    clock,
    metrics: fixture.metrics,
    logger: silentLogger,
    composer: createCardComposer(),
    fillTemplate: noTemplates,
    randomBytes,
  };
  const acceptNotification = createAcceptance(deps, { maxBacklog: 1_000 }).accept;
  const rights = { canSend: true, canBroadcast: true, recipients: [] };
  accept = (to, idempotencyKey, mentions = []) => {
    const json = { to, title: 'Deploy finished', mentions };
    const sender = { producerId, producerName: 'ci', rights };
    return acceptNotification({ sender, json, body: Buffer.from(JSON.stringify(json)), idempotencyKey });
  };
  await fixture.tell(fixture.installed(ana(0)), fixture.installed(fixture.personal({ index: 2 })));
  await store.write((tx) => tx.people.refresh(1, { tenantId: TENANT, ...ANA }, clock.nowMs()));
  await store.write((tx) => tx.people.refresh(2, { tenantId: TENANT, email: 'ben@contoso.com' }, clock.nowMs()));
});

afterEach(() => fixture.dispose());

/** Every name by which producers can call her, in one request and in several. */
const notifyInEveryWay = async () => {
  await accept([ANA.email, 'ben@contoso.com'], 'by-mail');
  await accept([`aad:${ANA.aadObjectId}`], 'by-object-id');
  await accept([ANA.teamsUserId], 'by-pairwise-id');
  await accept([ANA.userPrincipalName, ANA.email, `aad:${ANA.aadObjectId.toUpperCase()}`, ANA.teamsUserId], 'by-all');
  await accept(['everyone'], 'to-all');
  await accept(['ben@contoso.com'], 'mentioned', [ANA.email]);
};

/** Which of her traces a text contains, in either case. */
const tracesIn = (text: string) => TRACES.filter((trace) => text.toLowerCase().includes(trace.toLowerCase()));

const rowsOfAllTables = () => {
  const tables = fixture.queue.rows(`SELECT name FROM sqlite_schema WHERE type = 'table'`);
  return JSON.stringify(tables.map(({ name }) => fixture.queue.rows(`SELECT * FROM "${name}"`)));
};

/** The bytes of a copy that holds the rows of now and no remains of earlier ones. */
const bytesOfCopy = () => {
  const copy = `${fixture.queue.path}-copy`;
  const db = new DatabaseSync(fixture.queue.path);
  db.exec(`VACUUM INTO '${copy}'`);
  db.close();
  return readFileSync(copy, 'latin1');
};

test('all traces are there before the removal, so that the search below can find them', async () => {
  await notifyInEveryWay();
  expect(tracesIn(rowsOfAllTables())).toEqual(TRACES);
  expect(tracesIn(bytesOfCopy())).toEqual(TRACES);
});

describe('a removal', () => {
  test('erases every trace of the person, from the rows and from the file', async () => {
    await notifyInEveryWay();
    await fixture.tell(fixture.wrote(ana(5)), fixture.removed(ana(10)));
    expect(tracesIn(rowsOfAllTables())).toEqual([]);
    expect(tracesIn(bytesOfCopy())).toEqual([]);
  });

  test('erases the same when Teams tells it by refusing a message', async () => {
    await notifyInEveryWay();
    fixture.queue.sender.script = ({ place }) =>
      place === ANA.conversationId
        ? { kind: 'gone', reason: 'not_in_roster', isUninstalled: true }
        : { kind: 'delivered', activityId: '1' };
    await fixture.queue.createDispatcher().start();
    await fixture.queue.pass(1_000);
    expect(tracesIn(rowsOfAllTables())).toEqual([]);
    expect(tracesIn(bytesOfCopy())).toEqual([]);
  });

  test('erases the person also where they were named and not reached, before they were known and after', async () => {
    const late = ['first.mail@contoso.com', 'ben@contoso.com'];
    await accept(late, 'before-known', late.slice(0, 1));
    await fixture.tell(fixture.installed(fixture.personal({ index: 3 })));
    const { store, clock } = fixture.queue;
    await store.write((tx) => tx.people.refresh(3, { tenantId: TENANT, email: late[0] ?? '' }, clock.nowMs()));
    await store.write((tx) => tx.installations.setLost(3, 'unreachable', 'blocked_by_user'));
    const { answer } = await accept(['First.Mail@Contoso.com', 'ben@contoso.com'], 'while-blocked');
    expect(answer.unresolved).toMatchObject([{ reason: 'unreachable' }]);
    await fixture.tell(fixture.removed(fixture.personal({ index: 3, at: 10 })));
    expect(rowsOfAllTables().toLowerCase()).not.toContain('first.mail');
    expect(await accept(late, 'before-known', late.slice(0, 1))).toMatchObject({
      isReplay: true,
      answer: {
        unresolved: [{ recipient: null, reason: 'unknown' }],
        mentionsLeftOut: [{ recipient: null, reason: 'unknown' }],
      },
    });
  });

  test('leaves nothing in the files themselves once they were purged', async () => {
    await notifyInEveryWay();
    await fixture.tell(fixture.removed(ana(10)));
    await fixture.queue.store.purge();
    const files = ['', '-wal'].map((suffix) => readFileSync(`${fixture.queue.path}${suffix}`, 'latin1')).join('');
    expect(files).toContain('ben@contoso.com');
    expect(tracesIn(files)).toEqual([]);
  });

  test('leaves everybody else as they were', async () => {
    await notifyInEveryWay();
    await fixture.tell(fixture.removed(ana(10)));
    expect(fixture.people()).toMatchObject([{ id: 2, email: 'ben@contoso.com' }]);
    expect(rowsOfAllTables()).toContain('ben@contoso.com');
    expect(fixture.conversations()[1]).toMatchObject({ person_id: 2, teams_conversation_id: 'a:chat-2' });
  });

  test('ends what waits for the person as uninstalled, and nothing is sent to them any more', async () => {
    await notifyInEveryWay();
    await fixture.tell(fixture.removed(ana(10)));
    await fixture.queue.createDispatcher().start();
    await fixture.queue.pass(5_000);
    const ofAna = fixture.queue.rows('SELECT state, reason FROM delivery WHERE conversation_id = 1');
    expect(new Set(ofAna.map((row) => `${row['state']}/${row['reason']}`))).toEqual(new Set(['failed/uninstalled']));
    expect(ofAna).toHaveLength(5);
    expect(new Set(fixture.queue.sender.posts.map((post) => post.place))).toEqual(new Set(['a:chat-2']));
  });

  test('of somebody to whom a message is on its way ends its retries without another request', async () => {
    await accept([ANA.email], 'key');
    fixture.queue.sender.script = async () => {
      await fixture.tell(fixture.removed(ana(10)));
      return { kind: 'transient', reason: 'unavailable' };
    };
    await fixture.queue.createDispatcher({ maxInFlight: 1 }).start();
    await fixture.queue.pass(60_000, 500);
    const ofAna = fixture.queue.rows('SELECT state, reason, recipient FROM delivery WHERE conversation_id = 1');
    expect(new Set(ofAna.map((row) => `${row['state']}/${row['reason']}/${row['recipient']}`))).toEqual(
      new Set(['failed/uninstalled/null']),
    );
    expect(fixture.queue.sender.posts.filter(({ place }) => place === ANA.conversationId)).toHaveLength(1);
  });

  test('scrubs stored answers, which are still given for the same request', async () => {
    await notifyInEveryWay();
    const first = await accept([ANA.email, 'ben@contoso.com'], 'by-mail');
    await fixture.tell(fixture.removed(ana(10)));
    const again = await accept([ANA.email, 'ben@contoso.com'], 'by-mail');
    expect(again).toMatchObject({ isReplay: true, answer: { id: first.answer.id } });
    expect(again.answer.deliveries).toEqual([
      { recipient: null, state: 'queued' },
      { recipient: 'ben@contoso.com', state: 'queued' },
    ]);
    const names = [ANA.userPrincipalName, ANA.email, `aad:${ANA.aadObjectId.toUpperCase()}`, ANA.teamsUserId];
    const { answer } = await accept(names, 'by-all');
    expect(answer.deliveries).toHaveLength(4);
    expect(tracesIn(JSON.stringify(answer))).toEqual([]);
  });

  test('is no obstacle to coming back: the person is known afresh', async () => {
    await fixture.tell(fixture.removed(ana(10)), fixture.installed(ana(20)));
    expect(fixture.people()).toMatchObject([{ id: 2 }, { aad_object_id: ANA.aadObjectId, email: null }]);
    expect((await accept([`aad:${ANA.aadObjectId}`], 'key')).answer.deliveries).toHaveLength(1);
  });
});

describe('an erasure on request', () => {
  const erase = () => {
    const { store, clock } = fixture.queue;
    clock.advance(1_000);
    const recipient = { kind: 'aadObjectId', aadObjectId: ANA.aadObjectId } as const;
    return erasePerson({ store, clock }, { recipient });
  };

  test('erases every trace of a person who has the app, from the rows and from the file', async () => {
    await notifyInEveryWay();
    await erase();
    expect(tracesIn(rowsOfAllTables())).toEqual([]);
    expect(tracesIn(bytesOfCopy())).toEqual([]);
    await fixture.queue.store.purge();
    const files = ['', '-wal'].map((suffix) => readFileSync(`${fixture.queue.path}${suffix}`, 'latin1')).join('');
    expect(tracesIn(files)).toEqual([]);
  });

  test('is not undone by what comes late, nor by what the person writes; a new install begins anew', async () => {
    await erase();
    await fixture.tell(fixture.installed(ana(500)), fixture.wrote(ana(900)), fixture.wrote(ana(5_000)));
    expect(tracesIn(rowsOfAllTables())).toEqual([]);
    await fixture.queue.store.write((tx) => tx.installations.forgetRemovedBefore(Number.MAX_SAFE_INTEGER));
    await fixture.tell(fixture.wrote(ana(6_000)));
    expect(tracesIn(rowsOfAllTables())).toEqual([]);
    await fixture.tell(fixture.installed(ana(7_000)));
    expect(fixture.people()).toMatchObject([{ id: 2 }, { aad_object_id: ANA.aadObjectId, email: null }]);
    expect((await accept([`aad:${ANA.aadObjectId}`], 'key')).answer.deliveries).toHaveLength(1);
  });

  test('of somebody who removes the app meanwhile touches nobody who got their row', async () => {
    const { store, clock } = fixture.queue;
    const carl = fixture.personal({ index: 3, at: 20 });
    let writes = 0;
    const slow = storeWithWrite(store, async (work) => {
      if (++writes === 1) {
        // Ben's row is the last one, so that the next person gets its id.
        await fixture.tell(fixture.removed(fixture.personal({ index: 2, at: 10 })), fixture.installed(carl));
      }
      return store.write(work);
    });
    const ben = { kind: 'address', address: 'ben@contoso.com' } as const;
    expect(await erasePerson({ store: slow, clock }, { recipient: ben })).toMatchObject({ people: 0 });
    expect(fixture.people()).toMatchObject([{ id: 1 }, { id: 2, aad_object_id: carl.from?.aadObjectId }]);
    expect(fixture.installations().map(({ state }) => state)).toEqual(['active', 'removed', 'active']);
  });
});
