// What is forgotten, and when.

import { Maintenance, RETENTION } from '../../../src/delivery/maintenance.ts';
import { AppError } from '../../../src/domain/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { settled } from '../../support/waiting.ts';

const HOUR_MS = 3_600_000;

describe('maintenance', () => {
  let fixture: DeliveryFixture;
  let maintenance: Maintenance;
  let log: string[];

  beforeEach(async () => {
    log = [];
    fixture = await DeliveryFixture.create();
    maintenance = createMaintenance(fixture.store);
  });

  afterEach(async () => {
    await maintenance.stop();
    await fixture.dispose();
  });

  const createMaintenance = (store: Store) => {
    const { clock, metrics } = fixture;
    const rules = { contentMs: 30 * 24 * HOUR_MS, metadataMs: 90 * 24 * HOUR_MS };
    const logger = createLogger('info', { write: (line) => log.push(line) });
    return new Maintenance({ store, clock, metrics, logger }, rules);
  };

  const addRows = async () => {
    const nowMs = fixture.clock.nowMs();
    const notificationId = await fixture.queue([]);
    await fixture.store.write(async (tx) => {
      await tx.activities.remember('digest', nowMs);
      await tx.notifications.insertIdempotent({
        producerId: fixture.producerId,
        key: 'key',
        requestSha256: new Uint8Array(32),
        notificationId,
        body: '{}',
        nowMs,
      });
      await tx.installations.save(
        { tenantId: TENANT, scope: 'personal', digest: 'removed' },
        { state: 'removed', changedAtMs: nowMs, generation: 1 },
        { conversationId: null, personId: null, name: null },
      );
    });
    await fixture.install(1);
  };

  const kept = () => ({
    activities: fixture.rows('SELECT 1 FROM seen_activity').length,
    keys: fixture.rows('SELECT 1 FROM idempotency').length,
    installations: fixture.rows('SELECT state FROM installation').map((row) => row['state']),
  });

  const passHours = async (hours: number) => {
    for (let hour = 0; hour < hours; hour++) {
      fixture.clock.advance(HOUR_MS);
      await settled(8);
    }
  };

  test('keeps each kind of row for its time, and active installations for ever', async () => {
    await addRows();
    maintenance.start();
    await passHours(RETENTION.seenActivityMs / HOUR_MS);
    expect(kept()).toEqual({ activities: 1, keys: 1, installations: ['removed', 'active'] });
    await passHours(1);
    expect(kept()).toEqual({ activities: 0, keys: 1, installations: ['removed', 'active'] });
    await passHours((RETENTION.idempotencyMs - RETENTION.seenActivityMs) / HOUR_MS);
    expect(kept()).toEqual({ activities: 0, keys: 0, installations: ['removed', 'active'] });
    await passHours((RETENTION.removedInstallationMs - RETENTION.idempotencyMs) / HOUR_MS);
    expect(kept()).toEqual({ activities: 0, keys: 0, installations: ['active'] });
  });

  test('does a round at the start', async () => {
    await addRows();
    fixture.clock.advance(30 * 24 * HOUR_MS);
    maintenance.start();
    await settled();
    expect(kept()).toEqual({ activities: 0, keys: 0, installations: ['active'] });
  });

  test('erases old content and then what is known of deliveries, and says how much', async () => {
    await fixture.queue([]);
    maintenance.start();
    await passHours(31 * 24);
    expect(fixture.rows('SELECT content FROM notification')).toEqual([{ content: '{"kind":"erased"}' }]);
    await passHours(61 * 24);
    expect(fixture.rows('SELECT id FROM notification')).toEqual([]);
    const lines = log.map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { msg: 'old data erased', contents: 1, passedOver: 0, notifications: 0 },
      { msg: 'old data erased', contents: 0, notifications: 1, deliveries: 0, attempts: 0 },
    ]);
    const counted = await fixture.metrics.registry.getSingleMetricAsString('bellhop_old_data_erased_total');
    expect(counted).toMatch(/\{what="contents"\} 1\n.*\{what="notifications"\} 1/);
  });

  test('leaves no timer when it is stopped, also during a round', async () => {
    maintenance.start();
    await Promise.all([maintenance.stop(), maintenance.stop()]);
    expect(fixture.clock.pendingTimers).toBe(0);
  });

  test('tries again an hour after the store failed', async () => {
    await addRows();
    fixture.clock.advance(30 * 24 * HOUR_MS);
    let rounds = 0;
    const store = storeWithWrite(fixture.store, (work) =>
      rounds++ === 0 ? Promise.reject(new AppError('store_unavailable', 'full')) : fixture.store.write(work),
    );
    maintenance = createMaintenance(store);
    maintenance.start();
    await settled();
    expect(kept().keys).toBe(1);
    await passHours(1);
    expect(kept().keys).toBe(0);
  });
});
