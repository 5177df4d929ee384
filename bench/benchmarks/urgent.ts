// How soon an urgent message reaches the Connector while its tenant works off a broadcast to 100 000 people.

import { setTimeout } from 'node:timers/promises';
import type { Benchmark, Row } from '../benchmark.ts';
import type { Engine } from '../engine.ts';
import { inTime } from '../in-time.ts';
import { Caller } from '../load.ts';
import { onEachEngine } from '../on-each-engine.ts';
import { openCheapReceiver, type Receiver } from '../receiver.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openScene } from '../scene.ts';
import { percentile } from '../statistics.ts';
import { monotonicMs } from '../watch.ts';

const PEOPLE = 100_000;
const IDLE_SAMPLES = 40;
const BUSY_SAMPLES = 120;
const PAUSE_MS = 150;
const RECEIPT_TIMEOUT_MS = 20_000;
const BAR_MS = 1_000;

/** The first samples fall into the fan-out of the broadcast, the others into its delivery. */
export const urgent: Benchmark = {
  name: 'urgent',
  run: onEachEngine(measureEngine),
};

async function measureEngine(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const receiver = await openCheapReceiver(resources, 1);
  const { apiKey, ...scene } = await openScene(resources, { engine, receiver, peopleCount: PEOPLE, tenantCount: 1 });
  const service = await scene.startService();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  // The broadcast begins with the first people: the last ones are still without a message of it.
  let person = PEOPLE;
  const single = new Caller(resources, service.url, {
    headers,
    body: () => requestBody(`person${--person}@contoso.com`, 'urgent'),
  });
  const broadcast = new Caller(resources, service.url, { headers, body: () => requestBody('everyone', 'bulk') });
  const sample = async () => {
    const arrived = nextArrival(receiver, person - 1);
    await single.post();
    const acceptedAtMs = monotonicMs();
    return Math.max(0, (await arrived) - acceptedAtMs);
  };
  const idle = await takeSamples(IDLE_SAMPLES, sample);
  await broadcast.post();
  const busy = await takeSamples(BUSY_SAMPLES, sample);
  await service.end();
  return [
    { measure: `${engine.name}, nothing else to do: 202 to receipt, p95`, value: percentile(idle, 95), unit: 'ms' },
    { measure: `${engine.name}, under a broadcast: 202 to receipt, p50`, value: percentile(busy, 50), unit: 'ms' },
    {
      measure: `${engine.name}, under a broadcast: 202 to receipt, p95`,
      value: percentile(busy, 95),
      unit: 'ms',
      bar: BAR_MS,
    },
    { measure: `${engine.name}, under a broadcast: 202 to receipt, longest`, value: Math.max(...busy), unit: 'ms' },
  ];
}

async function takeSamples(count: number, sample: () => Promise<number>): Promise<readonly number[]> {
  const samples: number[] = [];
  while (samples.length < count) {
    samples.push(await sample());
    await setTimeout(PAUSE_MS);
  }
  return samples;
}

/** @returns when it arrived */
function nextArrival(receiver: Receiver, person: number): Promise<number> {
  const arrived = Promise.withResolvers<number>();
  receiver.onArrival((arrival) => {
    if (arrival.person === person) {
      arrived.resolve(arrival.atMs);
    }
  });
  return inTime(arrived.promise, { ms: RECEIPT_TIMEOUT_MS, what: 'An urgent message did not arrive' });
}
