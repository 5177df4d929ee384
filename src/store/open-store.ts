// Opens the database that a URL names.

import type { Clock } from '../domain/clock.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

export interface OpenStoreOptions {
  /** A server keeps other servers away where only one may be; a command-line tool works beside it. */
  readonly isServer: boolean;
  /** For a database that has no clock of its own. */
  readonly clock: Clock;
}

/** A store, and what whoever works with it has to know. */
export interface OpenedStore {
  readonly store: Store;
  /** What all instants in the store are read from. */
  readonly clock: Clock;
  /** True when no other server can be alive on it, so that every lease found at the start is dead. */
  readonly isAlone: boolean;
  /** What the operator should know about the way it runs; usually nothing. */
  readonly warnings: readonly string[];
}

/**
 * @param url `sqlite:<path>`, or `postgres://...`
 * @throws AppError `store_in_use`, `store_newer_schema`, `store_unavailable`; never with the URL, which may hold a password
 */
export async function openStore(url: string, { isServer, clock }: OpenStoreOptions): Promise<OpenedStore> {
  if (url.startsWith('sqlite:')) {
    const store = openSqliteStore({ path: url.slice('sqlite:'.length), isServer });
    return { store, clock, isAlone: true, warnings: [] };
  }
  // Loaded only where it is used: the driver takes memory.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  const store = await openPostgresStore({ url, isServer });
  return { store, clock: store.clock, isAlone: false, warnings: store.warnings };
}
