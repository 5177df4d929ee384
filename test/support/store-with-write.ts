// A store whose writes go another way, to let them fail.

import type { Store } from '../../src/store/store.ts';

/** The given store with `write` in the place of its own. */
export function storeWithWrite(store: Store, write: Store['write']): Store {
  return {
    read: store.read,
    write,
    writeOne: write,
    signalWork: () => store.signalWork(),
    onWork: (listener) => store.onWork(listener),
    purge: () => store.purge(),
    isWritable: () =>
      write(async () => undefined).then(
        () => true,
        () => false,
      ),
    close: () => store.close(),
  };
}
