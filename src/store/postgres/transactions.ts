// Write transactions: each on a connection of its own, run again when another transaction came between.

import type { Statements } from '../store.ts';
import type { Connections, Session } from './connections.ts';
import { isLostRace, leavesConnectionUsable, unavailable } from './failures.ts';
import { BEGIN_WITH_SETTINGS } from './settings.ts';

/** How often a work is run before its loss of a race is taken for a fault. */
const MAX_RUNS = 5;

/** How transactions are begun. */
export interface TransactionOptions {
  readonly isPooled: boolean;
}

/** Runs a work in a transaction of its own; the promise resolves after the commit. */
export type Transact = <T>(work: (tx: Statements) => Promise<T>) => Promise<T>;

/** Gives the function that runs them. */
export function createTransactions(connections: Connections, { isPooled }: TransactionOptions): Transact {
  const begin = isPooled ? BEGIN_WITH_SETTINGS : 'BEGIN';
  return async <T>(work: (tx: Statements) => Promise<T>): Promise<T> => {
    for (let runs = 1; ; runs++) {
      try {
        return await runOnce(await connections.acquire(), begin, work);
      } catch (error) {
        if (!isLostRace(error) || runs >= MAX_RUNS) {
          throw error;
        }
      }
    }
  };
}

async function runOnce<T>(session: Session, begin: string, work: (tx: Statements) => Promise<T>): Promise<T> {
  let isUsable = true;
  try {
    await session.query(begin);
    const result = await work(session.statements);
    const { command } = await session.query('COMMIT');
    if (command !== 'COMMIT') {
      throw unavailable('The database did not commit a transaction in which a statement had failed. Try again');
    }
    return result;
  } catch (error) {
    isUsable = await rollBack(session, error);
    throw error;
  } finally {
    session.release(isUsable);
  }
}

/** @returns whether the connection can be used again */
async function rollBack({ query }: Session, error: unknown): Promise<boolean> {
  if (!leavesConnectionUsable(error)) {
    return false;
  }
  return query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
