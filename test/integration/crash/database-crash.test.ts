// The database itself is killed and recovers: what was accepted is there, and the service goes on by itself.

import { LEASE_MS } from '../../../src/delivery/attempt.ts';
import { POSTGRES } from '../../support/crash-engine.ts';
import { readCrashPlan } from '../../support/crash-plan.ts';
import { Producers } from '../../support/crash-producers.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { findBrokenPromises, sumUp, tabulate } from '../../support/crash-verdict.ts';
import { Moments } from '../../support/moments.ts';
import { createSeededRandom, pickOne } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';

const { databaseKills, leaseMs, seed, report } = readCrashPlan(process.env);
const NOTIFICATIONS_A_KILL = 50;
const NOTIFICATIONS = databaseKills * NOTIFICATIONS_A_KILL;
const PEOPLE = 60;
const MAX_EVENTS = 40;
const TIMEOUT_MS = 120_000 + databaseKills * 15_000 + 2 * (leaseMs ?? LEASE_MS);

let stage: CrashStage;

afterEach(() => stage.dispose());

/**
 * The first time the database stays away for longer than a lease.
 *
 * @returns the producers, when everything that they were answered has ended in its way
 */
async function struggle(): Promise<Producers> {
  const random = createSeededRandom(seed);
  const moments = new Moments(stage.sandbox);
  const producers = new Producers(stage, createSeededRandom(seed + 1));
  producers.isRefusable = true;
  producers.onAccepted = () => moments.notice('accepted');
  const produced = producers.run();
  try {
    for (let kills = 1; kills <= databaseKills; kills++) {
      producers.allow(kills * NOTIFICATIONS_A_KILL, { isLast: kills === databaseKills });
      const happening = pickOne(random, ['accepted', 'posted'] as const);
      await moments.untilHappened(happening, 1 + Math.floor(random() * MAX_EVENTS));
      await stage.database.crash?.(kills === 1 ? 1.2 * (leaseMs ?? LEASE_MS) : 0);
    }
    await produced;
  } finally {
    producers.stop();
    await Promise.allSettled([produced]);
  }
  await stage.untilDrained(TIMEOUT_MS);
  return producers;
}

test(
  `PostgreSQL killed ${databaseKills} times, seed ${seed}: nothing accepted is lost, nothing comes twice, and every process goes on`,
  async () => {
    report(`PostgreSQL itself: ${databaseKills} kills, ${NOTIFICATIONS} notifications, CRASH_SEED=${seed}`);
    stage = await CrashStage.create({ engine: POSTGRES, leaseMs, peopleCount: PEOPLE });
    const started = await Promise.all(stage.replicas.map((replica) => replica.start()));
    await stage.installEverybody();

    const producers = await struggle();

    // No process that sends was killed, so nothing that was under way may be forgotten.
    const books = await stage.readBooks(producers, new Set());
    const figures = { resend: sumUp(books, 'resend'), hold: sumUp(books, 'hold') };
    report(tabulate(figures));
    expect(findBrokenPromises(books)).toEqual([]);
    expect(await stage.database.findDamage()).toEqual([]);
    expect(figures.resend.accepted + figures.hold.accepted).toBe(NOTIFICATIONS);
    expect(figures.resend.extraCopies).toBe(0);
    await Promise.all(
      started.map((url) =>
        until(
          () => fetch(`${url}/readyz`),
          ({ status }) => status === 200,
        ),
      ),
    );
  },
  TIMEOUT_MS,
);
