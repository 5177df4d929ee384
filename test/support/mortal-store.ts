// A store that dies with its process at a chosen point: nothing of it reaches the file afterwards.

import type { DeliveryQueue } from '../../src/store/delivery-queue.ts';
import type { Statements, Store } from '../../src/store/store.ts';
import { storeWithWrite } from './store-with-write.ts';

/** Around the transaction in which this statement of the queue runs for the first time. */
export interface Death {
  readonly statement: keyof DeliveryQueue;
  readonly when: 'before the commit' | 'after the commit';
}

export interface MortalStore extends Store {
  /** Resolves at the death. */
  readonly died: Promise<void>;
}

/** What a dead process has asked for never comes. */
const NEVER = new Promise<never>(() => undefined);

class Died extends Error {}

/** The given store until the death; afterwards its writes never end. */
export function createMortalStore(store: Store, death: Death): MortalStore {
  const died = Promise.withResolvers<void>();
  let isDead = false;
  const die = (): Promise<never> => {
    isDead = true;
    died.resolve();
    return NEVER;
  };
  const write: Store['write'] = async (work) => {
    let isReached = false;
    if (isDead) {
      return NEVER;
    }
    const run = async (tx: Statements) => {
      const result = await work(
        watch(tx, death.statement, () => {
          isReached = true;
        }),
      );
      if (isReached && death.when === 'before the commit') {
        throw new Died();
      }
      return result;
    };
    const result = await store.write(run).catch((error) => (error instanceof Died ? die() : Promise.reject(error)));
    return isReached ? die() : result;
  };
  return { ...storeWithWrite(store, write), died: died.promise };
}

/** The statements, telling when that one gave something. */
function watch(tx: Statements, statement: keyof DeliveryQueue, onReached: () => void): Statements {
  const inner: (...input: never[]) => Promise<unknown> = tx.queue[statement];
  const watched = async (...input: never[]) => {
    const result = await inner(...input);
    if (!Array.isArray(result) || result.length > 0) {
      onReached();
    }
    return result;
  };
  return { ...tx, queue: { ...tx.queue, [statement]: watched } };
}
