// The databases that a benchmark can run on, behind one interface.

import type { Store } from '../src/store/store.ts';
import { postgresEngine } from './engines/postgres.ts';
import { sqliteEngine } from './engines/sqlite.ts';
import type { Resources } from './resources.ts';

/** A database with the service's tables. */
export interface Database {
  /** As the service's setting names it. */
  readonly url: string;
  /** Beside the service, as its command-line tools do; to be closed by the caller. */
  openStore(): Promise<Store>;
  /** Runs statements that every engine understands, in one transaction. */
  run(statements: readonly string[]): Promise<void>;
  /** @param query gives one row with a `count` */
  count(query: string): Promise<number>;
  /** CPU time that processes of the database have spent so far; absent where it works inside the service. */
  serverCpuMs?(): number;
}

export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Several services may work on one database. */
  readonly isShared: boolean;
  /** An empty one, gone with the benchmark. In memory, where the engine can, when the disk is not what is measured. */
  createDatabase(resources: Resources, options?: { readonly isInMemory?: boolean }): Promise<Database>;
}

/** In the order of the table. */
export const ENGINES: readonly Engine[] = [sqliteEngine, postgresEngine];
