// A queue in PostgreSQL with a clock and a Sender that the test moves, for tests of what processes leave each other.

import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { Row } from './delivery-fixture.ts';
import type { PostgresServer } from './postgres.ts';
import { countPending } from './postgres-activity.ts';
import { QueueFixture } from './queue-fixture.ts';
import { addProducer, type InstalledPerson } from './store-fixtures.ts';
import { eventually, settled } from './waiting.ts';

/** Coarser than on SQLite: to wait until all is quiet takes longer here. */
const STEP_MS = 500;
const MAX_STEPS = 1_200;

/** Found idle once, somebody may have been between two statements. */
const QUIET_LOOKS = 2;
const COUNT_BUSY = `
  SELECT count(*)::int AS busy FROM pg_stat_activity
   WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`;

export class PostgresDeliveryFixture extends QueueFixture {
  /** A lease that is found at the start may be another process's. */
  readonly isAlone = false;
  readonly #url: string;
  readonly #reader: pg.Client;
  readonly #stores: Store[] = [];

  private constructor(parts: { url: string; reader: pg.Client; store: Store; producerId: number }) {
    super(parts);
    this.#url = parts.url;
    this.#reader = parts.reader;
  }

  /** A database of its own on that server. */
  static async create(server: PostgresServer): Promise<PostgresDeliveryFixture> {
    const url = server.url(await server.createDatabase());
    const store = await open(url);
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    return new PostgresDeliveryFixture({ url, reader, store, producerId: await addProducer(store) });
  }

  /** Connections of its own to the same database, as another process would have them. */
  async openBeside(): Promise<Store> {
    const store = await open(this.#url);
    this.#stores.push(store);
    return store;
  }

  /** Makes the chat one that has not been opened yet. */
  async forgetChat({ conversationId }: InstalledPerson): Promise<void> {
    await this.rows(`UPDATE conversation SET teams_conversation_id = NULL WHERE id = ${conversationId}`);
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return (await this.#reader.query(sql)).rows;
  }

  /** All deliveries in the order of their making. */
  deliveries(): Promise<readonly Row[]> {
    return this.rows('SELECT * FROM delivery ORDER BY id');
  }

  async states(): Promise<readonly unknown[]> {
    return (await this.deliveries()).map((row) => row['state']);
  }

  attempts(): Promise<readonly Row[]> {
    return this.rows('SELECT * FROM attempt ORDER BY delivery_id, number');
  }

  /** Waits, without moving the clock, until the deliveries have these states. */
  async untilStates(...expected: readonly string[]): Promise<void> {
    const isThere = async () => (await this.states()).join() === expected.join();
    await eventually(isThere, `the states are ${expected.join(', ')}`);
  }

  /** Moves the clock until the deliveries have these states; at most ten minutes. */
  async passToStates(...expected: readonly string[]): Promise<void> {
    for (let steps = 0; (await this.states()).join() !== expected.join(); steps++) {
      if (steps > MAX_STEPS) {
        throw new Error(`the states stay ${(await this.states()).join(', ')} instead of ${expected.join(', ')}`);
      }
      await this.pass(STEP_MS);
    }
  }

  /** Moves the clock in steps, and lets everything happen that each step makes due. */
  async pass(ms: number, stepMs = STEP_MS): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
      this.clock.advance(Math.min(stepMs, leftMs));
      await this.settled();
    }
  }

  /** Lets everything go on that does not wait for the clock, until the database has nothing to do. */
  async settled(): Promise<void> {
    for (let quietLooks = 0; quietLooks < QUIET_LOOKS; ) {
      await settled(8);
      const [row] = await this.rows(COUNT_BUSY);
      quietLooks = row?.['busy'] === 0 && countPending() === 0 ? quietLooks + 1 : 0;
    }
  }

  async dispose(): Promise<void> {
    await this.stopDispatchers();
    await Promise.all([...this.#stores, this.store].map((store) => store.close()));
    await this.#reader.end();
  }
}

/** Slots begin at once: the clock stands still during a claim. */
function open(url: string): Promise<Store> {
  return openPostgresStore({ url, isServer: false, lead: { measure: (claim) => claim(0) } });
}
