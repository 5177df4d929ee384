// From the start of the process to the moment it serves.

import type { Benchmark } from '../benchmark.ts';
import { buildService } from '../build.ts';
import { addFinishedDeliveries } from '../database.ts';
import { openStage, SOURCE_MAIN, type Stage } from '../stage.ts';
import { interleave, median } from '../statistics.ts';

const PEOPLE = 1_000;
const FINISHED = 100_000;
const ROUNDS = 5;
const BAR_MS = 2_000;

/** Files are in the page cache, as they are when a service is started again. */
export const start: Benchmark = {
  name: 'start',
  async run(resources) {
    const built = buildService(resources);
    const fresh = () => openStage(resources, { peopleCount: 0, tenantCount: 1 });
    const used = await openStage(resources, { peopleCount: PEOPLE, tenantCount: 10 });
    await addFinishedDeliveries(used.database, FINISHED);
    const readyMs = await interleave(ROUNDS, {
      built: async () => timeStart(await fresh(), built),
      builtUsed: () => timeStart(used, built),
      sources: async () => timeStart(await fresh(), SOURCE_MAIN),
    });
    return [
      { measure: 'start to ready, empty database', value: median(readyMs.built), unit: 'ms', bar: BAR_MS },
      {
        measure: `start to ready, ${FINISHED} finished deliveries`,
        value: median(readyMs.builtUsed),
        unit: 'ms',
        bar: BAR_MS,
      },
      {
        measure: 'start to ready, empty database, from sources',
        value: median(readyMs.sources),
        unit: 'ms',
        bar: BAR_MS,
      },
    ];
  },
};

async function timeStart(stage: Stage, mainPath: string): Promise<number> {
  const service = await stage.startService(mainPath);
  await service.end();
  return service.readyMs;
}
