// The connections to PostgreSQL: a limited number of them, and a limited number of callers who wait for one.

import pg, { type ClientBase, type PoolClient } from 'pg';
import { bindStatements, type Statements } from '../store.ts';
import type { Lead } from './claim-lead.ts';
import { createPostgresDeliveryQueue } from './delivery-queue.ts';
import { leavesConnectionUsable, toAppError, unavailable } from './failures.ts';
import { createKysely } from './kysely-binding.ts';
import { createLocks } from './locks.ts';
import { type Answer, createQuery, createStatementNames, type Query, type StatementNames } from './query.ts';
import { SET_SESSION } from './settings.ts';

/** What every connection of the process is opened with. */
export interface ConnectionOptions {
  readonly url: string;
  /** Whether a connection pooler stands before the database. */
  readonly isPooled: boolean;
  readonly lead: Lead;
}

/** One connection, for as long as somebody has it. */
export interface Session {
  readonly query: Query;
  /** For the few texts that run all the time: each is planned once. */
  readonly prepared: Query;
  readonly statements: Statements;
  /** @param isUsable false when the connection is not to be used again */
  release(isUsable: boolean): void;
}

const MAX_CONNECTIONS = 10;
/** More callers than this do not wait for a connection: they are told to come again. */
const MAX_WAITING = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Longer than the server's own limit: this one is for a server that does not answer at all. */
const ANSWER_TIMEOUT_MS = 20_000;
/** A connection to a machine that is gone is noticed, though nothing is said on it. */
const KEEP_ALIVE_MS = 10_000;
const INT8 = 20;

/** What a client of the driver needs to be told, whether it is of the pool or not. */
export function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'bellhop',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: {
      getTypeParser: ((oid, format) =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  };
}

/** The process of the server that was said to work for a connection; the driver's types leave it out. */
export function pidOf(client: ClientBase): unknown {
  const { processID }: { processID?: unknown } = Object(client);
  return processID;
}

/** A pool of connections that a database which vanishes cannot hurt. */
export class Connections {
  /** Statements of which each runs by itself, on any connection. */
  readonly statements: Statements;
  readonly #pool: pg.Pool;
  readonly #names: StatementNames | undefined;
  readonly #lead: Lead;
  readonly #pids = new Set<unknown>();
  readonly #bound = new WeakMap<ClientBase, Bound>();

  constructor({ url, isPooled, lead }: ConnectionOptions) {
    this.#lead = lead;
    this.#names = isPooled ? undefined : createStatementNames();
    this.#pool = new pg.Pool({
      ...clientConfig(url),
      max: MAX_CONNECTIONS,
      onConnect: async (client) => {
        const pid = pidOf(client);
        this.#pids.add(pid);
        client.once('end', () => this.#pids.delete(pid));
        // Who has the connection learns of its end by the next statement; without a listener the process would end.
        client.on('error', () => undefined);
        if (!isPooled) {
          await client.query(SET_SESSION);
        }
      },
    });
    this.#pool.on('error', () => undefined);
    this.statements = this.#bindTo(
      (sql, values) => this.query(sql, values),
      (sql, values) => this.#once((session) => session.prepared(sql, values)),
    );
  }

  /** Runs one statement on any connection. @throws AppError `store_unavailable` */
  query(sql: string, values?: readonly unknown[]): Promise<Answer> {
    return this.#once((session) => session.query(sql, values));
  }

  /** @throws AppError `store_unavailable` when none is free in time, or too many wait already */
  async acquire(): Promise<Session> {
    if (this.#pool.waitingCount >= MAX_WAITING) {
      throw unavailable('Too many requests wait for the database. Try again');
    }
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw toAppError(error);
    });
    return { ...this.#bind(client), release: (isUsable) => client.release(!isUsable) };
  }

  /** Whether this process of the server works for one of these connections. */
  owns(pid: number): boolean {
    return this.#pids.has(pid);
  }

  /** Resolves when every connection is closed; who still has one gives it back first. */
  close(): Promise<void> {
    return this.#pool.end();
  }

  async #once(run: (session: Session) => Promise<Answer>): Promise<Answer> {
    const session = await this.acquire();
    let isUsable = true;
    try {
      return await run(session);
    } catch (error) {
      isUsable = leavesConnectionUsable(error);
      throw error;
    } finally {
      session.release(isUsable);
    }
  }

  #bind(client: PoolClient): Bound {
    const known = this.#bound.get(client);
    if (known) {
      return known;
    }
    const query = createQuery(client);
    const prepared = this.#names ? createQuery(client, this.#names) : query;
    const bound = { query, prepared, statements: this.#bindTo(query, prepared) };
    this.#bound.set(client, bound);
    return bound;
  }

  /** The queue's statements are few and always the same, so they are kept prepared. */
  #bindTo(query: Query, prepared: Query): Statements {
    return bindStatements(createKysely(query), {
      queue: createPostgresDeliveryQueue(prepared, this.#lead),
      locks: createLocks(prepared),
    });
  }
}

type Bound = Omit<Session, 'release'>;
