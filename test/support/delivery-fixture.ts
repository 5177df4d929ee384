// A queue on a real database file with a clock and a Sender that the test moves, for the tests of delivery.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { LEASE_MS } from '../../src/delivery/attempt.ts';
import { Dispatcher, type DispatcherOptions } from '../../src/delivery/dispatcher.ts';
import type { Sender } from '../../src/delivery/sender.ts';
import type { Clock, SteadyClock } from '../../src/domain/clock.ts';
import { CONNECTOR_HOSTS } from '../../src/domain/service-url.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { ManualClock } from './manual-clock.ts';
import { ScriptedSender } from './scripted-sender.ts';
import {
  addProducer,
  type InstalledPerson,
  installPerson,
  type PersonOptions,
  type QueuedOptions,
  queueNotification,
} from './store-fixtures.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { eventually, settled } from './waiting.ts';

export interface DispatcherParts extends Partial<DispatcherOptions> {
  readonly store?: Store;
  readonly sender?: Sender;
  readonly clock?: Clock;
  readonly wall?: SteadyClock;
}

export type Row = Readonly<Record<string, unknown>>;

export class DeliveryFixture {
  readonly clock = new ManualClock();
  readonly sender = new ScriptedSender(this.clock);
  readonly log: string[] = [];
  readonly path: string;
  readonly store: Store;
  readonly producerId: number;
  readonly #folder: { remove(): void };
  readonly #reader: DatabaseSync;
  readonly #metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  readonly #stops: (() => Promise<unknown>)[] = [];
  readonly #stores: Store[] = [];

  private constructor(parts: { folder: { remove(): void }; path: string; store: Store; producerId: number }) {
    this.#folder = parts.folder;
    this.path = parts.path;
    this.store = parts.store;
    this.producerId = parts.producerId;
    this.#reader = new DatabaseSync(parts.path, { readOnly: true });
  }

  static async create(): Promise<DeliveryFixture> {
    const folder = createTemporaryFolder();
    const path = join(folder.path, 'bellhop.db');
    const store = openSqliteStore({ path, isServer: true });
    return new DeliveryFixture({ folder, path, store, producerId: await addProducer(store) });
  }

  /** Jitter is half of what it may be, so that instants are exact. */
  createDispatcher(parts: DispatcherParts = {}): Dispatcher {
    const {
      store = this.store,
      sender = this.sender,
      clock = this.clock,
      maxInFlight = 64,
      isAlone = true,
      wall,
    } = parts;
    const dispatcher = new Dispatcher(
      {
        store,
        sender,
        clock,
        wall,
        metrics: this.#metrics,
        logger: createLogger('debug', { write: (line) => this.log.push(line) }),
        leaseMs: LEASE_MS,
        random: () => 0.5,
        randomUuid: randomUUID,
        serviceUrlPolicy: { kind: 'hosts', hosts: CONNECTOR_HOSTS },
      },
      { maxInFlight, isAlone },
    );
    this.#stops.push(() => {
      const stopping = dispatcher.stop(0);
      if (clock instanceof ManualClock) {
        clock.advance(0);
      }
      return stopping;
    });
    return dispatcher;
  }

  /** A second connection to the same file, as another process would have it. */
  openBeside(): Store {
    const store = openSqliteStore({ path: this.path, isServer: false });
    this.#stores.push(store);
    return store;
  }

  /** Slots of the lane are all free at once unless an interval is given. */
  install(index: number, options: Partial<PersonOptions> = {}): Promise<InstalledPerson> {
    return installPerson(this.store, { index, nowMs: this.clock.nowMs(), intervalUs: 0, ...options });
  }

  /** @returns the row id of the notification */
  async queue(to: readonly InstalledPerson[], options: Partial<QueuedOptions> = {}): Promise<number> {
    const { producerId } = this;
    const id = await queueNotification(this.store, { producerId, to, nowMs: this.clock.nowMs(), ...options });
    this.store.signalWork();
    return id;
  }

  /** Makes the chat one that has not been opened yet. */
  forgetChat({ conversationId }: InstalledPerson): void {
    this.#change('UPDATE conversation SET teams_conversation_id = NULL WHERE id = ?', conversationId);
  }

  /** Makes this the service address of these people's conversations; of every one when no people are named. */
  pointTo(serviceUrl: string, people?: readonly InstalledPerson[]): void {
    const ids = people?.map(({ conversationId }) => conversationId).join(',') ?? 'SELECT id FROM conversation';
    this.#change(`UPDATE conversation SET service_url = ? WHERE id IN (${ids})`, serviceUrl);
  }

  #change(sql: string, value: SQLInputValue): void {
    const db = new DatabaseSync(this.path);
    db.prepare(sql).run(value);
    db.close();
  }

  rows(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#reader.prepare(sql).all(...values);
  }

  /** All deliveries in the order of their making. */
  deliveries(): readonly Row[] {
    return this.rows('SELECT * FROM delivery ORDER BY id');
  }

  states(): readonly unknown[] {
    return this.deliveries().map((row) => row['state']);
  }

  attempts(): readonly Row[] {
    return this.rows('SELECT * FROM attempt ORDER BY delivery_id, number');
  }

  /** Waits, without moving the clock, until the deliveries have these states. */
  async untilStates(...expected: readonly string[]): Promise<void> {
    await eventually(() => this.states().join() === expected.join(), `the states are ${expected.join(', ')}`);
  }

  /** Waits, without moving the clock, until this many attempts have ended. */
  async untilAttempts(count: number): Promise<void> {
    const ended = () => this.attempts().filter((row) => row['outcome'] !== null).length;
    await eventually(() => ended() === count, `${count} attempts have ended`);
  }

  /** Moves the clock until the deliveries have these states; at most ten minutes. */
  async passToStates(...expected: readonly string[]): Promise<void> {
    for (let steps = 0; this.states().join() !== expected.join(); steps++) {
      if (steps > 12_000) {
        throw new Error(`the states stay ${this.states().join(', ')} instead of ${expected.join(', ')}`);
      }
      await this.pass(50);
    }
  }

  /** Moves the clock in small steps, and lets everything happen that each step makes due. */
  async pass(ms: number, stepMs = 50): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
      this.clock.advance(Math.min(stepMs, leftMs));
      await settled(8);
    }
    await settled();
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    await Promise.all([...this.#stores, this.store].map((store) => store.close()));
    this.#reader.close();
    this.#folder.remove();
  }
}
