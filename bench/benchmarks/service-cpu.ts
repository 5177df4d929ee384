// CPU time of the whole service for one message, from the request to the state "sent".

import type { Benchmark } from '../benchmark.ts';
import type { Child } from '../child-process.ts';
import { holdDeliveries, releaseDeliveries, waitUntilSent } from '../database.ts';
import { Caller } from '../load.ts';
import { requestBody } from '../samples.ts';
import { startSendLoop } from '../send-loop.ts';
import { APP_ID, openStage, type Stage } from '../stage.ts';
import { interleave, median, medianRatio } from '../statistics.ts';

const PEOPLE = 1_000;
/** At 40 messages a second each, more than one process can send. */
const TENANTS = 100;
const ROUNDS = 3;
const LOAD = { count: 1_000, concurrency: 16 } as const;

interface Spent {
  /** Milliseconds of CPU time a message. */
  readonly accept: number;
  readonly deliver: number;
}

/** In each round all messages are accepted first, then all are delivered, so that the two can be told apart. */
export const serviceCpu: Benchmark = {
  name: 'service-cpu',
  async run(resources) {
    const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: TENANTS });
    const service = await stage.startService();
    const caller = new Caller(resources, service.url, {
      headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
      body: (index) => requestBody(`person${index % PEOPLE}@contoso.com`),
    });
    const { serviceUrl, tokens } = stage.sandbox;
    const loop = startSendLoop(resources, { appId: APP_ID, serviceUrl, token: tokens.issue(), peopleCount: PEOPLE });
    const measured = await interleave<string, Spent>(ROUNDS, {
      service: () => runRound({ stage, service, caller }),
      undici: async () => ({ accept: 0, deliver: await loop({ way: 'undici', count: LOAD.count }) }),
      cloudAdapter: async () => ({ accept: 0, deliver: await loop({ way: 'cloudAdapter', count: LOAD.count }) }),
    });
    const { service: spent = [], undici = [], cloudAdapter = [] } = measured;
    const totals = spent.map(total);
    return [
      { measure: 'CPU a message: service, accepting', value: median(spent.map(({ accept }) => accept)), unit: 'ms' },
      { measure: 'CPU a message: service, delivering', value: median(spent.map(({ deliver }) => deliver)), unit: 'ms' },
      { measure: 'CPU a message: service, both', value: median(totals), unit: 'ms' },
      { measure: 'CPU a message: bare undici', value: median(undici.map(total)), unit: 'ms' },
      { measure: 'CPU a message: CloudAdapter', value: median(cloudAdapter.map(total)), unit: 'ms' },
      { measure: 'service: multiple of bare undici', value: medianRatio(totals, undici.map(total)), unit: 'times' },
      {
        measure: 'service: multiple of CloudAdapter',
        value: medianRatio(totals, cloudAdapter.map(total)),
        unit: 'times',
      },
    ];
  },
};

function total({ accept, deliver }: Spent): number {
  return accept + deliver;
}

async function runRound(parts: { stage: Stage; service: Child; caller: Caller }): Promise<Spent> {
  const { stage, service, caller } = parts;
  holdDeliveries(stage.databasePath);
  const atStartMs = service.cpuMs();
  await caller.run(LOAD);
  const acceptedMs = service.cpuMs();
  releaseDeliveries(stage.databasePath);
  await waitUntilSent(stage.databasePath);
  const sentMs = service.cpuMs();
  return { accept: (acceptedMs - atStartMs) / LOAD.count, deliver: (sentMs - acceptedMs) / LOAD.count };
}
