// The memory that an idle service holds.

import { setTimeout } from 'node:timers/promises';
import type { Benchmark, Row } from '../benchmark.ts';
import { buildService } from '../build.ts';
import type { Child } from '../child-process.ts';
import { waitUntilSent } from '../database.ts';
import { Caller } from '../load.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openStage, SOURCE_MAIN } from '../stage.ts';
import { median } from '../statistics.ts';

const PEOPLE = 100;
const MESSAGES = 100;
const BAR_MB = 150;
const SETTLE_MS = 2_500;
const SAMPLES = 5;
const SAMPLE_INTERVAL_MS = 200;

/** Resident memory: the program text of Node.js, which all its processes share, is in it. */
export const memory: Benchmark = {
  name: 'memory',
  async run(resources) {
    return [
      ...(await measureMemory(resources, { what: 'memory', mainPath: buildService(resources) })),
      ...(await measureMemory(resources, { what: 'memory, from sources', mainPath: SOURCE_MAIN })),
    ];
  },
};

async function measureMemory(
  resources: Resources,
  { what, mainPath }: { readonly what: string; readonly mainPath: string },
): Promise<readonly Row[]> {
  const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: PEOPLE });
  const service = await stage.startService(mainPath);
  const afterStart = await settledMb(service);
  const caller = new Caller(resources, service.url, {
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: (index) => requestBody(`person${index % PEOPLE}@contoso.com`),
  });
  await caller.run({ count: MESSAGES, concurrency: 4 });
  await waitUntilSent(stage.database);
  const afterMessages = await settledMb(service);
  await service.end();
  return [
    { measure: `${what}, after the start`, value: afterStart, unit: 'MB', bar: BAR_MB },
    { measure: `${what}, after ${MESSAGES} messages`, value: afterMessages, unit: 'MB', bar: BAR_MB },
  ];
}

async function settledMb(service: Child): Promise<number> {
  await setTimeout(SETTLE_MS);
  const samples: number[] = [];
  while (samples.length < SAMPLES) {
    samples.push(service.residentMb());
    await setTimeout(SAMPLE_INTERVAL_MS);
  }
  return median(samples);
}
