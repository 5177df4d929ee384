// A store on a real file, a moved clock, and the use cases of producers on both.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { addKey, addProducer, type NewKeyWish } from '../../../src/producers/administer.ts';
import { createAuthenticate } from '../../../src/producers/authenticate.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

/** Everything that is opened is closed by `close()`. */
export function openProducers() {
  const folder = createTemporaryFolder();
  const path = join(folder.path, 'bellhop.db');
  const store = openSqliteStore({ path, isServer: true });
  const clock = new ManualClock();
  const deps = { store, clock, randomBytes };
  const authenticate = createAuthenticate({ store, clock, logger: silentLogger });
  return {
    folder,
    store,
    clock,
    deps,
    authenticate,
    /** Authenticates with this key, as a well-behaved caller does. */
    present: (text: string) => authenticate(`Bearer ${text}`),
    addProducer: (name: string, tenantId?: string) => addProducer(deps, name, tenantId),
    addKey: (wish: Partial<NewKeyWish> = {}) =>
      addKey(deps, { producer: 'ci', scopes: ['send', 'read'], recipients: [], ...wish }),
    /** What no use case does yet. */
    runSql(sql: string) {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    },
    async close() {
      await store.close();
      folder.remove();
    },
  };
}

export type Producers = ReturnType<typeof openProducers>;
