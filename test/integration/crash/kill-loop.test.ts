// The promise, under kill -9: what was answered 202 arrives, and every extra copy is accounted for.

import { DatabaseSync } from 'node:sqlite';
import type { UnknownPolicy } from '../../../src/domain/notification.ts';
import { syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { countCopies, numberedTitle } from '../../support/sandbox-copies.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

/** Larger figures make a longer and harder run; nothing else has to change. */
const KILLS = 10;
const NOTIFICATIONS_A_KILL = 30;
/** Enough that nobody gets more than ten notifications a minute: the rest would wait. */
const PEOPLE = 60;
const PRODUCERS = 4;
const SEED = 20260101;
const TIMEOUT_MS = 60_000 + KILLS * 10_000;

const policyOf = (number: number): UnknownPolicy => (number % 3 === 0 ? 'hold' : 'resend');

let service: ServiceProcess;
let random: () => number;
/** Resolves when the service is there again after the kill that was last. */
let restarted: Promise<unknown>;

beforeEach(async () => {
  service = await ServiceProcess.create(PEOPLE);
  random = createSeededRandom(SEED);
  restarted = service.start();
  await restarted;
});

afterEach(() => service.dispose());

const installEverybody = () =>
  Promise.all(Array.from({ length: PEOPLE }, (_, index) => service.sandbox.people.install(`p${index}`)));

/** Posts until it is accepted, as producers do: the same key after each failure. */
async function produce(number: number): Promise<void> {
  const to = `aad:${syntheticPerson(number % PEOPLE).aadObjectId}`;
  const notification = { to, title: numberedTitle(number), onUnknown: policyOf(number) };
  for (;;) {
    const status = await service.post(notification, `key-${number}`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 202) {
      return;
    }
    expect(status).toBe(0);
    await restarted;
  }
}

/** Several producers at once, until these numbers are accepted. */
async function produceAll(numbers: number[], onAccepted: () => void): Promise<void> {
  const produceSome = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      await produce(number);
      onAccepted();
    }
  };
  await Promise.all(Array.from({ length: PRODUCERS }, produceSome));
}

/** Kills at a random moment: when so many were accepted, or when so many posts have come to Teams unanswered yet. */
function killSometime(): { onAccepted(): void; readonly done: Promise<void> } {
  const done = Promise.withResolvers<void>();
  const isAtPost = random() < 0.5;
  let left = 1 + Math.floor(random() * 20);
  const count = () => {
    left -= 1;
    if (left === 0) {
      service.send('SIGKILL');
      restarted = service.exited.then(() => service.start());
      restarted.then(() => done.resolve(), done.reject);
    }
  };
  if (!isAtPost) {
    return { onAccepted: count, done: done.promise };
  }
  const end = service.sandbox.events.subscribe((event) => {
    if (event.kind === 'request' && event.entry.operation === 'sendToConversation') {
      count();
    }
  });
  return { onAccepted: () => undefined, done: done.promise.finally(end) };
}

interface Ending {
  readonly number: number;
  readonly state: string;
  /** Attempts that were under way when a process died. */
  readonly unknown: number;
}

function readEndings(): readonly Ending[] {
  const db = new DatabaseSync(service.databasePath, { readOnly: true });
  try {
    expect(db.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    const rows = db.prepare(
      `SELECT n.content, d.state,
              (SELECT count(*) FROM attempt a WHERE a.delivery_id = d.id AND a.reason = 'process_ended') AS unknown
         FROM delivery d JOIN notification n ON n.id = d.notification_id WHERE d.recipient IS NOT NULL`,
    );
    return rows.all().map((row) => ({
      number: Number(/job(\d+)x/.exec(String(row['content']))?.[1]),
      state: String(row['state']),
      unknown: Number(row['unknown']),
    }));
  } finally {
    db.close();
  }
}

test(
  `${KILLS} kills: nothing accepted is lost, and every extra copy was in flight at a kill`,
  async () => {
    await installEverybody();
    for (let kill = 0; kill < KILLS; kill++) {
      const numbers = Array.from({ length: NOTIFICATIONS_A_KILL }, (_, index) => kill * NOTIFICATIONS_A_KILL + index);
      const { onAccepted, done } = killSometime();
      await Promise.all([produceAll(numbers, onAccepted), done]);
    }
    await service.look((store) => until(store.read.deliveries.countOpen, (counts) => counts.length === 0, 45_000));
    const copies = countCopies(service.sandbox, PEOPLE);
    const endings = readEndings();
    const broken = endings.filter(({ number, state, unknown }) => {
      const count = copies.get(number) ?? 0;
      const isHold = policyOf(number) === 'hold';
      const isKept = state === 'sent' ? count >= 1 : state === 'held' && isHold && unknown === 1;
      return !isKept || count > (isHold ? 1 : 1 + unknown);
    });
    expect(broken).toEqual([]);
    expect(endings.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: KILLS * NOTIFICATIONS_A_KILL }, (_, number) => number),
    );
    expect(endings.some(({ unknown }) => unknown > 0)).toBe(true);
  },
  TIMEOUT_MS,
);
