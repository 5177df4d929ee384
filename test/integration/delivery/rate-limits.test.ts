// Bellhop against the documented rate limits, as the sandbox counts them. Both clocks are the test's.

import type { Sender } from '../../../src/delivery/sender.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type Connector, createConnector } from '../../../src/teams/connector.ts';
import { createSender } from '../../../src/teams/sender.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { installSandboxPerson } from '../../support/sandbox-people.ts';
import { APP_ID, type InstalledPerson } from '../../support/store-fixtures.ts';
import { eventually, settled } from '../../support/waiting.ts';

const PEOPLE = 100;
const BURST = 40;
const STEP_MS = 20;

let fixture: DeliveryFixture;
let sandbox: Sandbox;
let connector: Connector | undefined;
let underWay = 0;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
  sandbox = createSandbox({ appId: APP_ID, appSecret: 'secret', peopleCount: PEOPLE, clock: fixture.clock });
  await sandbox.start();
});

afterEach(async () => {
  await fixture.dispose();
  await connector?.close();
  await sandbox.stop();
});

async function counted<T>(work: Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await work;
  } finally {
    underWay -= 1;
  }
}

function createCountedSender(): Sender {
  const token = sandbox.tokens.issue();
  const tokens = { get: async () => token, invalidate: () => undefined };
  const serviceUrlPolicy = { kind: 'prefix', prefix: sandbox.serviceUrl } as const;
  connector = createConnector({ tokens, clock: systemClock }, { serviceUrlPolicy });
  const sender = createSender({ connector, tokens, clock: fixture.clock });
  return {
    prepare: () => sender.prepare(),
    createConversation: (request, signal) => counted(sender.createConversation(request, signal)),
    post: (request, signal) => counted(sender.post(request, signal)),
    update: (request, signal) => counted(sender.update(request, signal)),
    delete: (request, signal) => counted(sender.delete(request, signal)),
  };
}

/** Time stands still while a request is under way, so that the figures do not depend on this machine. */
async function passUntilAllSent(): Promise<void> {
  for (let steps = 0; steps % 50 !== 0 || fixture.states().some((state) => state !== 'sent'); steps++) {
    if (steps * STEP_MS > 600_000) {
      throw new Error(`the states stay ${fixture.states().join(', ')}`);
    }
    fixture.clock.advance(STEP_MS);
    await settled(6);
    await eventually(() => underWay === 0, 'no request is under way');
  }
}

/** The deliveries of one conversation in the order in which they were posted. */
const postedOrder = ({ conversationId }: InstalledPerson) => {
  const deliveries = fixture.rows(
    `SELECT a.request_id, d.id FROM attempt a JOIN delivery d ON d.id = a.delivery_id
      WHERE d.conversation_id = ? AND a.operation = 'post'`,
    conversationId,
  );
  const idOf = new Map(deliveries.map((row) => [row['request_id'], Number(row['id'])]));
  return sandbox.ledger.since().flatMap((entry) => idOf.get(entry.requestId) ?? []);
};

test('200 notifications to 100 people and 40 to one: no 429, all are told, what exceeds ten a minute in one digest', async () => {
  const place = { sandbox, nowMs: fixture.clock.nowMs(), intervalUs: 25_000 };
  const people: InstalledPerson[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    people.push(await installSandboxPerson(fixture.store, syntheticPerson(index), place));
  }
  for (const person of people.slice(0, PEOPLE / 2)) {
    fixture.forgetChat(person);
  }
  const [busy] = people;
  await fixture.queue(people);
  await fixture.queue(people);
  for (let count = 0; busy && count < BURST; count++) {
    await fixture.queue([busy]);
  }
  const startedAtMs = fixture.clock.nowMs();
  await fixture.createDispatcher({ sender: createCountedSender() }).start();
  await passUntilAllSent();
  const counts = sandbox.ledger.counts();
  expect(counts.byStatus[429] ?? 0).toBe(0);
  // Of 42 to one person ten go by themselves, and the last is a digest.
  const posted = 2 * PEOPLE + BURST - 31;
  expect(counts.posted).toBe(posted);
  expect(counts.requests).toBe(posted + PEOPLE / 2);
  for (const person of people) {
    const order = postedOrder(person);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
  expect(fixture.clock.nowMs() - startedAtMs).toBeGreaterThan(60_000);
  expect(fixture.clock.nowMs() - startedAtMs).toBeLessThan(80_000);
}, 60_000);
