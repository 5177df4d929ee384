// Several processes at once, and nobody kills them: what they share is neither sent twice nor faster than Teams allows.

import { POSTGRES } from '../../support/crash-engine.ts';
import { readCrashPlan } from '../../support/crash-plan.ts';
import { Producers } from '../../support/crash-producers.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { findBrokenPromises } from '../../support/crash-verdict.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

const NOTIFICATIONS = 300;
const PEOPLE = 60;

const { seed } = readCrashPlan(process.env);

let stage: CrashStage;

afterEach(() => stage.dispose());

test(`${POSTGRES.replicas} processes share ${NOTIFICATIONS} notifications: each arrives once, and none meets a 429`, async () => {
  // The sandbox has the limits of Teams: it answers 429 as soon as there are 51 requests in any one second.
  stage = await CrashStage.create({ engine: POSTGRES, peopleCount: PEOPLE, hasRateLimits: true });
  await Promise.all(stage.replicas.map((replica) => replica.start()));
  await stage.installEverybody();

  const producers = new Producers(stage, createSeededRandom(seed));
  producers.allow(NOTIFICATIONS, { isLast: true });
  await producers.run();
  await stage.untilDrained();

  const books = await stage.readBooks(producers, new Set());
  expect(findBrokenPromises(books)).toEqual([]);
  expect(stage.arrivals.copies).toEqual(Array.from({ length: NOTIFICATIONS }, () => 1));
  expect(stage.sandbox.ledger.counts().byStatus).not.toHaveProperty('429');
  const requestIds = [...books.arrived.values()].flat();
  expect(stage.replicas.map((replica) => requestIds.some((id) => replica.hasMade(id)))).not.toContain(false);
}, 180_000);
