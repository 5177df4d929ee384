// Every HTTP request is an attempt on record, and the other way round, whatever Teams answers.

import { systemClock } from '../../../src/domain/clock.ts';
import type { FaultAnswer, FaultSpec } from '../../../src/sandbox/faults.ts';
import { type SandboxPerson, syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type Connector, createConnector } from '../../../src/teams/connector.ts';
import { createSender } from '../../../src/teams/sender.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { installSandboxPerson } from '../../support/sandbox-people.ts';
import { createSeededRandom, pickOne } from '../../support/seeded-random.ts';
import { APP_ID } from '../../support/store-fixtures.ts';
import { until } from '../../support/until.ts';

const PEOPLE = 200;
const DELIVERIES_EACH = 5;
const FAULTS = 400;

const status = (code: number): FaultAnswer => ({ kind: 'status', status: code });

/** All but those that take long: a 401 pauses everything, a 500 is tried again late, and what hangs hangs. */
const FAULT_KINDS: readonly Omit<FaultSpec, 'times'>[] = [
  { answer: { kind: 'error', name: 'Throttled' } },
  { answer: { kind: 'error', name: 'Throttled', retryAfter: '1' } },
  { answer: { kind: 'error', name: 'PreconditionFailed' } },
  { answer: { kind: 'error', name: 'MessageSizeTooBig' } },
  { answer: { kind: 'error', name: 'BadSyntax' } },
  { answer: { kind: 'error', name: 'ConversationBlockedByUser' } },
  { answer: { kind: 'error', name: 'BotNotInConversationRoster' } },
  { answer: status(408) },
  { answer: status(502) },
  { answer: status(503) },
  { answer: status(504), isCarriedOut: true },
  { answer: { kind: 'reset' } },
  { answer: { kind: 'reset' }, isCarriedOut: true },
  { answer: { kind: 'empty' } },
  { answer: { kind: 'html' } },
  { answer: { kind: 'truncated' } },
  { answer: { kind: 'cut' } },
  { answer: { kind: 'late', delayMs: 30 } },
  { answer: { kind: 'redirect', location: 'http://127.0.0.1:9/' } },
];

describe('requests and attempts', () => {
  let fixture: DeliveryFixture;
  let sandbox: Sandbox;
  let connector: Connector | undefined;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
    sandbox = createSandbox({ appId: APP_ID, appSecret: 'secret', hasRateLimits: false, peopleCount: PEOPLE });
    await sandbox.start();
  });

  afterEach(async () => {
    await fixture.dispose();
    await connector?.close();
    await sandbox.stop();
  });

  const createRealSender = () => {
    const token = sandbox.tokens.issue();
    const tokens = { get: async () => token, invalidate: () => undefined };
    const serviceUrlPolicy = { kind: 'prefix', prefix: sandbox.serviceUrl } as const;
    connector = createConnector({ tokens, clock: systemClock }, { serviceUrlPolicy });
    return createSender({ connector, tokens, clock: systemClock });
  };

  const install = (person: SandboxPerson) =>
    installSandboxPerson(fixture.store, person, { sandbox, nowMs: Date.now(), intervalUs: 0 });

  /** About every fourth request meets a fault, until all faults are used up. */
  const makeTrouble = () => {
    const random = createSeededRandom(20260101);
    let left = FAULTS;
    return sandbox.events.subscribe((event) => {
      if (event.kind === 'request' && left > 0 && random() < 0.4) {
        left -= 1;
        sandbox.faults.add(pickOne(random, FAULT_KINDS));
      }
    });
  };

  test('are one and the same over 1 000 deliveries in trouble, and everything ends', async () => {
    const people = await Promise.all(Array.from({ length: PEOPLE }, (_, index) => install(syntheticPerson(index))));
    for (const person of people.slice(0, PEOPLE / 2)) {
      fixture.forgetChat(person);
    }
    const calm = makeTrouble();
    for (let count = 0; count < DELIVERIES_EACH; count++) {
      await fixture.queue(people, { nowMs: Date.now(), unknownPolicy: count % 2 === 0 ? 'resend' : 'hold' });
    }
    await fixture.createDispatcher({ sender: createRealSender(), clock: systemClock }).start();
    const { countOpen } = fixture.store.read.deliveries;
    await until(countOpen, (counts) => counts.length === 0, 110_000);
    calm();
    const requests = sandbox.ledger.since();
    expect(requests.filter((entry) => entry.faultId !== undefined)).toHaveLength(FAULTS);
    // Missed slots of a busy machine, and a 429 of another one between the record and the request: nothing was asked.
    const asked = fixture.attempts().filter((row) => row['outcome'] !== 'postponed');
    expect(requests.map((entry) => entry.requestId).sort()).toEqual(asked.map((row) => row['request_id']).sort());
    expectHonestStates();
  }, 120_000);

  /** Sent means that it is there; held and unknown mean at most what was really carried out. */
  const expectHonestStates = () => {
    const postedOf = new Map(sandbox.ledger.since().map((entry) => [entry.requestId, entry.posted]));
    const postedBy = (deliveryId: unknown) =>
      fixture
        .attempts()
        .filter((row) => row['delivery_id'] === deliveryId)
        .map((row) => ({ outcome: row['outcome'], posted: postedOf.get(String(row['request_id'])) ?? 0 }));
    for (const delivery of fixture.deliveries()) {
      const attempts = postedBy(delivery['id']);
      const delivered = attempts.filter((attempt) => attempt.outcome === 'delivered');
      expect(delivered).toEqual(delivery['state'] === 'sent' ? [{ outcome: 'delivered', posted: 1 }] : []);
      const unexplained = attempts.filter(
        ({ outcome, posted }) => posted > 0 && outcome !== 'delivered' && outcome !== 'unknown',
      );
      expect(unexplained).toEqual([]);
    }
  };
});
