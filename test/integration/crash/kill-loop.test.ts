// The promise, under kill -9: what was answered 202 arrives, and every extra copy is accounted for.

import { CRASH_ENGINES } from '../../support/crash-engine.ts';
import { readCrashPlan } from '../../support/crash-plan.ts';
import { Producers } from '../../support/crash-producers.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { type CrashBooks, findBrokenPromises, sumUp, tabulate } from '../../support/crash-verdict.ts';
import { Killer } from '../../support/killer.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

const { kills, notifications, leaseMs, seed, report } = readCrashPlan(process.env);
const NOTIFICATIONS_A_KILL = notifications / kills;
/** Enough that nobody gets more than ten notifications a minute: the rest would wait. */
const PEOPLE = Math.max(60, notifications / 20);
/** As slow as Teams often is: some posts are always under way. */
const ANSWER_DELAY_MS = 100;
const TIMEOUT_MS = 120_000 + kills * 8_000;

let stage: CrashStage;

afterEach(() => stage.dispose());

/** Lets the killer and the producers loose on each other, and waits until everything has ended in its way. */
async function struggle(): Promise<CrashBooks> {
  // One source each: which of them asks first is chance, and the choices of the killer are to be the same again.
  const producers = new Producers(stage, createSeededRandom(seed + 1));
  const killer = new Killer(stage, createSeededRandom(seed));
  producers.onAccepted = () => killer.moments.notice('accepted');
  killer.onKill = (count) => {
    producers.allow(Math.min(notifications, (count + 1) * NOTIFICATIONS_A_KILL), { isLast: false });
    if (count % 10 === 0) {
      report(`${count} kills, ${producers.accepted.size} accepted, ${stage.arrivals.requestIds.size} arrived`);
    }
  };
  producers.allow(NOTIFICATIONS_A_KILL, { isLast: false });
  const [killed, produced] = [killer.run(kills), producers.run()];
  try {
    await Promise.race([killed, produced]);
    producers.allow(notifications, { isLast: true });
    await produced;
  } finally {
    killer.stop();
    producers.stop();
    await Promise.allSettled([killed, produced]);
  }
  await stage.untilDrained(TIMEOUT_MS);
  return stage.readBooks(producers, killer.interrupted);
}

const countHeld = () =>
  stage.database.use(async (store) => (await store.read.undelivered.list({ state: 'held' }, {}, notifications)).length);

test.each(CRASH_ENGINES)(
  `$name, $replicas at once, ${kills} kills, seed ${seed}: nothing accepted is lost, and every extra copy was in flight at a kill`,
  async (engine) => {
    report(`${engine.name}: ${kills} kills, ${notifications} notifications, CRASH_SEED=${seed}`);
    stage = await CrashStage.create({ engine, leaseMs, peopleCount: PEOPLE });
    await Promise.all(stage.replicas.map((replica) => replica.start()));
    await stage.installEverybody();
    const answer = { kind: 'late', delayMs: ANSWER_DELAY_MS } as const;
    stage.sandbox.faults.add({ operation: 'sendToConversation', times: 'untilCleared', answer });

    const books = await struggle();

    const [resend, hold] = [sumUp(books, 'resend'), sumUp(books, 'hold')];
    report(
      `${tabulate({ resend, hold })}\n${kills} kills, ${books.interrupted.size} posts under way at them, seed ${seed}`,
    );
    expect(findBrokenPromises(books)).toEqual([]);
    expect(await stage.database.findDamage()).toEqual([]);
    expect(resend.accepted + hold.accepted).toBe(notifications);
    expect(resend).toMatchObject({ sent: resend.accepted, arrived: resend.accepted });
    expect(hold).toMatchObject({ sent: hold.accepted - hold.held, extraCopies: 0 });
    expect(await countHeld()).toBe(hold.held);
    expect(books.interrupted.size).toBeGreaterThan(0);
    expect(resend.extraCopies).toBeLessThanOrEqual(books.interrupted.size);
  },
  TIMEOUT_MS,
);
