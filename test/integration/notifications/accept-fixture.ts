// Accepting on a real database file: a store that can be reopened, people with the bot, producers, a moved clock.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AcceptInput, createAcceptance } from '../../../src/notifications/accept-notification.ts';
import { getNotificationStatus } from '../../../src/notifications/notification-status.ts';
import type { AddressingRights } from '../../../src/notifications/resolve-recipients.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { createCardComposer } from '../../../src/teams/cards/composer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { noTemplates } from '../../support/no-templates.ts';
import { addProducer, type InstalledPerson, installPerson } from '../../support/store-fixtures.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

export const ALL_RIGHTS: AddressingRights = { canSend: true, canBroadcast: true, recipients: [] };

export interface Asking {
  readonly producerId?: number;
  readonly rights?: Partial<AddressingRights>;
  readonly idempotencyKey?: string;
  /** The bytes on the wire; those of the JSON when absent. */
  readonly body?: string;
}

/** Opens everything; `close()` leaves nothing behind. */
export async function openNotifications({ maxBacklog = 1_000_000 } = {}) {
  const folder = createTemporaryFolder();
  const path = join(folder.path, 'bellhop.db');
  const clock = new ManualClock();
  const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  const open = () => {
    const store = openSqliteStore({ path, isServer: true });
    const deps = {
      store,
      clock,
      metrics,
      logger: silentLogger,
      composer: createCardComposer(),
      fillTemplate: noTemplates,
      randomBytes,
    };
    return { store, accept: createAcceptance(deps, { maxBacklog }).accept };
  };
  let current = open();
  const ci = await addProducer(current.store, 'ci');

  return {
    clock,
    metrics,
    /** The producer that asks when a test names no other. */
    ci,
    get store() {
      return current.store;
    },
    install: (index: number, tenantId?: string): Promise<InstalledPerson> =>
      installPerson(current.store, { index, nowMs: clock.nowMs(), ...(tenantId !== undefined && { tenantId }) }),
    addProducer: (name: string) => addProducer(current.store, name),
    ask(fields: object, asking: Asking = {}) {
      const json = { title: 'Deploy finished', ...fields };
      const { producerId = ci, rights, idempotencyKey, body = JSON.stringify(json) } = asking;
      const sender = { producerId, producerName: 'ci', rights: { ...ALL_RIGHTS, ...rights } };
      const input: AcceptInput = { sender, json, body: Buffer.from(body), idempotencyKey };
      return current.accept(input);
    },
    statusOf: (publicId: string, producerId = ci) =>
      getNotificationStatus({ store: current.store, clock }, { publicId, producerId }),
    async reopen() {
      await current.store.close();
      current = open();
    },
    /** Rows as any other process finds them in the file at this moment. */
    readRows(sql: string): readonly Record<string, unknown>[] {
      const db = new DatabaseSync(path, { readOnly: true });
      try {
        return db.prepare(sql).all();
      } finally {
        db.close();
      }
    },
    runSql(sql: string) {
      const db = new DatabaseSync(path);
      db.exec(sql);
      db.close();
    },
    async close() {
      await current.store.close();
      folder.remove();
    },
  };
}

export type Notifications = Awaited<ReturnType<typeof openNotifications>>;

/** A notification to this many people, who are installed for it; their deliveries have the row ids 1, 2, 3, ... @returns its id */
export async function notifyPeople(notifications: Notifications, count: number): Promise<string> {
  const people = [];
  for (let index = 1; index <= count; index++) {
    people.push((await notifications.install(index)).email);
  }
  return (await notifications.ask({ to: people, ttl: 'PT1H' })).answer.id;
}
