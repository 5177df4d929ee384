// How long it takes until a message to 100 000 people has a delivery for each, and what else has to wait meanwhile.

import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../src/domain/errors.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import type { Database, Engine } from '../engine.ts';
import { Caller } from '../load.ts';
import { openCheapReceiver } from '../receiver.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openScene } from '../scene.ts';
import { median } from '../statistics.ts';
import { monotonicMs } from '../watch.ts';

const PEOPLE = 100_000;
const ROUNDS = 3;
const BAR_MS = 3_000;
const BLOCK_BAR_MS = 50;
const SETTLE_MS = 1_000;
const POLL_MS = 20;
const TIMEOUT_MS = 60_000;

/** Each round has a database and a service of its own. */
export const fanOut: Benchmark = {
  name: 'fan-out',
  async run(resources, { engines }) {
    const rows: Row[] = [];
    for (const engine of engines) {
      const rounds: Round[] = [];
      while (rounds.length < ROUNDS) {
        rounds.push(await runRound(resources, engine));
        await resources.release();
      }
      const what = `${engine.name}, fan-out to ${PEOPLE}`;
      rows.push(
        { measure: what, value: median(rounds.map(({ tookMs }) => tookMs)), unit: 'ms', bar: BAR_MS },
        {
          measure: `${what}: longest block of the event loop`,
          value: Math.max(...rounds.map(({ blockMs }) => blockMs)),
          unit: 'ms',
          bar: BLOCK_BAR_MS,
        },
      );
    }
    return rows;
  },
};

interface Round {
  /** From the 202 to the last delivery. */
  readonly tookMs: number;
  readonly blockMs: number;
}

async function runRound(resources: Resources, engine: Engine): Promise<Round> {
  const receiver = await openCheapReceiver(resources, 1);
  const scene = await openScene(resources, { engine, receiver, peopleCount: PEOPLE, tenantCount: 1 });
  const service = await scene.startService();
  await setTimeout(SETTLE_MS);
  const caller = new Caller(resources, service.url, {
    headers: { authorization: `Bearer ${scene.apiKey}`, 'content-type': 'application/json' },
    body: () => requestBody('everyone', 'bulk'),
  });
  const fromMs = monotonicMs();
  await caller.post();
  const acceptedAtMs = monotonicMs();
  await untilFannedOut(scene.database);
  const toMs = monotonicMs();
  const { blocks } = await service.endAndTell();
  const during = blocks.filter(({ untilMs }) => untilMs > fromMs && untilMs < toMs);
  return { tookMs: toMs - acceptedAtMs, blockMs: Math.max(0, ...during.map(({ lastedMs }) => lastedMs)) };
}

async function untilFannedOut(database: Database): Promise<void> {
  const deadlineMs = monotonicMs() + TIMEOUT_MS;
  while ((await database.count('SELECT count(*) AS count FROM fanout WHERE is_done = 0')) > 0) {
    if (monotonicMs() > deadlineMs) {
      throw new AppError('internal', 'The fan-out did not end in time');
    }
    await setTimeout(POLL_MS);
  }
  const deliveries = await database.count('SELECT count(*) AS count FROM delivery');
  if (deliveries !== PEOPLE) {
    throw new AppError('internal', `Expected ${PEOPLE} deliveries, found ${deliveries}`);
  }
}
