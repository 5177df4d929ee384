// A broadcast to 300 000 people of one tenant, two hours of it in simulated time.

import type { Benchmark } from '../benchmark.ts';
import { sqliteEngine } from '../engines/sqlite.ts';
import { LANE_RATE_PER_SECOND, seedBroadcast, seedCrowd } from '../seed.ts';
import { runSimulation } from '../simulation.ts';
import { APP_ID } from '../stage.ts';

const RECIPIENTS = 300_000;
const BAR_PERCENT = 2;

/** Fan-out, claims, pacing and outcomes are the service's own; only the clock and the Connector are not real. */
export const simulated: Benchmark = {
  name: 'simulated',
  async run(resources, { isThorough }) {
    const recipients = isThorough ? RECIPIENTS : RECIPIENTS / 10;
    const database = await sqliteEngine.createDatabase(resources, { isInMemory: true });
    await seedCrowd(database, {
      appId: APP_ID,
      serviceUrl: 'http://127.0.0.1/',
      peopleCount: recipients,
      tenantCount: 1,
    });
    await seedBroadcast(database, Date.now());
    const idealMs = (recipients / LANE_RATE_PER_SECOND) * 1_000;
    const result = await runSimulation({
      databasePath: database.url.slice('sqlite:'.length),
      recipients,
      limitMs: 2 * idealMs,
    });
    const what = `${recipients} recipients`;
    return [
      { measure: `${what}: simulated time`, value: result.simulatedMs / 1_000, unit: 's' },
      {
        measure: `${what}: off from recipients / rate`,
        value: (100 * Math.abs(result.simulatedMs - idealMs)) / idealMs,
        unit: '%',
        bar: BAR_PERCENT,
      },
      { measure: `${what}: real time`, value: result.tookMs / 1_000, unit: 's' },
      { measure: `${what}: most memory`, value: result.peakMb, unit: 'MB' },
    ];
  },
};
