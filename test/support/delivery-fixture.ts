// A queue on a real database file with a clock and a Sender that the test moves, for the tests of delivery.

import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { QueueFixture } from './queue-fixture.ts';
import { addProducer, type InstalledPerson } from './store-fixtures.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { eventually, settled } from './waiting.ts';

export type Row = Readonly<Record<string, unknown>>;

export class DeliveryFixture extends QueueFixture {
  /** No other process serves on the file. */
  readonly isAlone = true;
  readonly path: string;
  readonly #folder: { remove(): void };
  readonly #reader: DatabaseSync;
  readonly #stores: Store[] = [];

  private constructor(parts: { folder: { remove(): void }; path: string; store: Store; producerId: number }) {
    super(parts);
    this.#folder = parts.folder;
    this.path = parts.path;
    this.#reader = new DatabaseSync(parts.path, { readOnly: true });
  }

  static async create(): Promise<DeliveryFixture> {
    const folder = createTemporaryFolder();
    const path = join(folder.path, 'bellhop.db');
    const store = openSqliteStore({ path, isServer: true });
    return new DeliveryFixture({ folder, path, store, producerId: await addProducer(store) });
  }

  /** A second connection to the same file, as another process would have it. */
  openBeside(): Store {
    const store = openSqliteStore({ path: this.path, isServer: false });
    this.#stores.push(store);
    return store;
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

  /** Lets everything go on that does not wait for the clock. */
  settled(): Promise<void> {
    return settled();
  }

  async dispose(): Promise<void> {
    await this.stopDispatchers();
    await Promise.all([...this.#stores, this.store].map((store) => store.close()));
    this.#reader.close();
    this.#folder.remove();
  }
}
