// The real dispatcher on a real SQLite store, with a clock that jumps and a Connector that answers at once.

import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { LEASE_MS } from '../../src/delivery/attempt.ts';
import { Dispatcher } from '../../src/delivery/dispatcher.ts';
import type { AttemptResult, Sender } from '../../src/delivery/sender.ts';
import { AppError } from '../../src/domain/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Statements, Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import type { SimulationOptions, SimulationResult } from '../simulation.ts';

const MAX_IN_FLIGHT = 64;

/** Tells whether a write is under way: while one is, time stands still. */
class WatchedStore implements Store {
  readonly #store: Store;
  #underWay = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  get read(): Statements {
    return this.#store.read;
  }

  write<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.#watch(() => this.#store.write(work));
  }

  writeOne<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.#watch(() => this.#store.writeOne(work));
  }

  async #watch<T>(write: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await write();
    } finally {
      this.#underWay -= 1;
    }
  }

  signalWork(): void {
    this.#store.signalWork();
  }

  onWork(listener: () => void): () => void {
    return this.#store.onWork(listener);
  }

  isWritable(): Promise<boolean> {
    return this.#store.isWritable();
  }

  purge(): Promise<void> {
    return this.#store.purge();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** Everything but the time that a request takes. */
class InstantSender implements Sender {
  readonly #clock: ManualClock;
  delivered = 0;
  lastAtMs = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    // There is no token to be had.
  }

  async createConversation(): Promise<AttemptResult> {
    throw new AppError('internal', 'Every chat is known');
  }

  async post(): Promise<AttemptResult> {
    this.delivered += 1;
    this.lastAtMs = this.#clock.nowMs();
    return { outcome: { kind: 'delivered', activityId: String(this.delivered) }, trace: { httpStatus: 201 } };
  }

  async update(): Promise<AttemptResult> {
    throw new AppError('internal', 'Nothing is edited');
  }

  async delete(): Promise<AttemptResult> {
    throw new AppError('internal', 'Nothing is deleted');
  }
}

async function simulate({ databasePath, recipients, limitMs }: SimulationOptions): Promise<SimulationResult> {
  const startedAtMs = performance.now();
  const clock = new ManualClock(Date.now());
  const fromMs = clock.nowMs();
  const store = new WatchedStore(openSqliteStore({ path: databasePath, isServer: true }));
  const sender = new InstantSender(clock);
  const dispatcher = new Dispatcher(
    {
      ...{ store, clock, sender },
      logger: createLogger('error'),
      metrics: createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 })),
      leaseMs: LEASE_MS,
      defaultTimeZone: 'UTC',
      random: Math.random,
      randomUuid: randomUUID,
      serviceUrlPolicy: { kind: 'loopback' },
    },
    { maxInFlight: MAX_IN_FLIGHT, isAlone: true },
  );
  await dispatcher.start();
  await untilQuiet(store);
  while (sender.delivered < recipients) {
    if (!clock.jump() || clock.nowMs() > fromMs + limitMs) {
      throw new AppError('internal', `Only ${sender.delivered} deliveries within ${limitMs} ms of simulated time`);
    }
    await untilQuiet(store);
  }
  await dispatcher.stop(0);
  await store.close();
  const { delivered, lastAtMs } = sender;
  return {
    delivered,
    simulatedMs: lastAtMs - fromMs,
    tookMs: performance.now() - startedAtMs,
    peakMb: process.resourceUsage().maxRSS / 1_024,
  };
}

/** All that follows from one timer happens in microtasks and in the turns that writes take. */
async function untilQuiet(store: WatchedStore): Promise<void> {
  do {
    await setImmediate();
  } while (store.isBusy);
}

simulate(JSON.parse(process.argv[2] ?? '{}')).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
