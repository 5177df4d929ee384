// What a scrape shows.

import { createMetrics, type QueueReading } from '../../../src/telemetry/metrics.ts';

const EMPTY: QueueReading = { depths: [], oldestDueAgeMs: 0 };

const linesOf = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));

test('the queue is read anew at each scrape, and a state that is empty now is gone', async () => {
  const readings: QueueReading[] = [
    { depths: [{ state: 'queued', count: 3 }], oldestDueAgeMs: 1_500 },
    { depths: [{ state: 'sending', count: 1 }], oldestDueAgeMs: 0 },
  ];
  const metrics = createMetrics(async () => readings.shift() ?? EMPTY);
  expect(await linesOf(metrics, 'bellhop_deliveries{')).toEqual(['bellhop_deliveries{state="queued"} 3']);
  expect(await linesOf(metrics, 'bellhop_deliveries{')).toEqual(['bellhop_deliveries{state="sending"} 1']);
});

test('the age of the oldest waiting delivery is told in seconds', async () => {
  const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 1_500 }));
  await metrics.registry.metrics();
  expect(await linesOf(metrics, 'bellhop_oldest_due_delivery_age_seconds ')).toEqual([
    'bellhop_oldest_due_delivery_age_seconds 1.5',
  ]);
});

test('a queue that cannot be read leaves the last values, and the scrape succeeds', async () => {
  let isBroken = false;
  const metrics = createMetrics(async () => {
    if (isBroken) {
      throw new Error('disk');
    }
    return { depths: [{ state: 'queued', count: 3 }], oldestDueAgeMs: 0 };
  });
  await metrics.registry.metrics();
  isBroken = true;
  expect(await linesOf(metrics, 'bellhop_deliveries{')).toEqual(['bellhop_deliveries{state="queued"} 3']);
});

test('two services in one process count apart', async () => {
  const [one, other] = [createMetrics(async () => EMPTY), createMetrics(async () => EMPTY)];
  one.notificationsAccepted.inc({ priority: 'urgent' });
  expect(await linesOf(one, 'bellhop_notifications_accepted_total{')).toHaveLength(1);
  expect(await linesOf(other, 'bellhop_notifications_accepted_total{')).toHaveLength(0);
});

test('every metric carries the name of the product and a sentence of help', async () => {
  const text = await createMetrics(async () => EMPTY).registry.metrics();
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !name?.startsWith('bellhop_'))).toEqual([]);
  expect(text).not.toMatch(/^# HELP \S+ *$/m);
});
