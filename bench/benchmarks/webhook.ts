// How fast a notification is answered 202, rows on disk, beside a bare restify route that stores nothing.

import { fileURLToPath } from 'node:url';
import type { Benchmark, Row } from '../benchmark.ts';
import { startChild } from '../child-process.ts';
import { holdDeliveries } from '../database.ts';
import { Caller, type LoadResult } from '../load.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openStage } from '../stage.ts';
import { interleave, median, medianRatio } from '../statistics.ts';

const BARE_PATH = fileURLToPath(new URL('../children/bare-restify.ts', import.meta.url));
const PEOPLE = 100;
const ROUNDS = 5;
const LOADS = [
  { concurrency: 1, count: 200 },
  { concurrency: 16, count: 800 },
] as const;

/** Deliveries are held back, so that only accepting is measured. */
export const webhook: Benchmark = {
  name: 'webhook',
  async run(resources) {
    const callers = await openCallers(resources);
    const rows: Row[] = [];
    for (const load of LOADS) {
      const results = await interleave(ROUNDS, {
        bare: () => callers.bare.run(load),
        ack: () => callers.ack.run(load),
        idempotent: () => callers.idempotent.run(load),
      });
      const at = `${load.concurrency} at a time`;
      rows.push(
        ...describe(`bare restify, ${at}`, results.bare),
        ...describe(`202, ${at}`, results.ack),
        { measure: `202, ${at}: multiple of bare restify`, value: ratioOf(results.ack, results.bare), unit: 'times' },
        ...describe(`202 with Idempotency-Key, ${at}`, results.idempotent),
        {
          measure: `202 with Idempotency-Key, ${at}: multiple of bare restify`,
          value: ratioOf(results.idempotent, results.bare),
          unit: 'times',
        },
      );
    }
    return rows;
  },
};

async function openCallers(resources: Resources) {
  const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: 1 });
  await holdDeliveries(stage.database);
  const service = await stage.startService();
  const bareServer = await startChild({ file: BARE_PATH, cwd: resources.folder() });
  resources.defer(() => bareServer.end());
  const request = {
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: (index: number) => requestBody(`person${index % PEOPLE}@contoso.com`),
  };
  const headersFor = (index: number) => ({ 'idempotency-key': `bench-${index}` });
  return {
    bare: new Caller(resources, bareServer.url, request),
    ack: new Caller(resources, service.url, request),
    idempotent: new Caller(resources, service.url, { ...request, headersFor }),
  };
}

function describe(what: string, results: readonly LoadResult[]): readonly Row[] {
  return [
    { measure: what, value: median(results.map(({ perSecond }) => perSecond)), unit: 'req/s' },
    { measure: `${what}, p50`, value: median(results.map(({ p50Ms }) => p50Ms)), unit: 'ms' },
    { measure: `${what}, p99`, value: median(results.map(({ p99Ms }) => p99Ms)), unit: 'ms' },
  ];
}

/** How many times as long a request takes, from the throughput of rounds side by side. */
function ratioOf(results: readonly LoadResult[], bare: readonly LoadResult[]): number {
  const pace = ({ perSecond }: LoadResult) => perSecond;
  return medianRatio(bare.map(pace), results.map(pace));
}
