// Reading who is in a large team: requests, time, and the memory that it takes.

import { setTimeout } from 'node:timers/promises';
import type { Benchmark } from '../benchmark.ts';
import { buildService } from '../build.ts';
import type { Database } from '../engine.ts';
import { openStage } from '../stage.ts';

const PEOPLE = 10_000;
const MAX_REQUESTS = 25;
const MAX_MORE_MB = 64;
const SETTLE_MS = 2_500;
const LOOK_MS = 100;

/** Nobody is known before the bot is added to the team. */
export const roster: Benchmark = {
  name: 'roster',
  async run(resources) {
    const stage = await openStage(resources, { peopleCount: PEOPLE, knownCount: 0, tenantCount: 1 });
    const { sandbox, database } = stage;
    const service = await stage.startService(buildService(resources));
    await setTimeout(SETTLE_MS);
    const beforeMb = service.residentMb();
    sandbox.setBotEndpoint(`${service.url}/api/messages`);
    const startMs = performance.now();
    await sandbox.people.install('operations');
    const teamsId = sandbox.organisation.teams[0]?.id ?? '';
    await untilRead(database, { tenantId: sandbox.organisation.tenantId, teamsId });
    const seconds = (performance.now() - startMs) / 1_000;
    const moreMb = service.peakMb() - beforeMb;
    await service.end();
    const what = `a team of ${PEOPLE} people`;
    return [
      { measure: `${what} is read`, value: sandbox.ledger.counts().requests, unit: 'requests', bar: MAX_REQUESTS },
      { measure: `${what} is read, time`, value: seconds, unit: 's' },
      { measure: `${what}, more memory at the most`, value: moreMb, unit: 'MB', bar: MAX_MORE_MB },
    ];
  },
};

async function untilRead(
  database: Database,
  { tenantId, teamsId }: { readonly tenantId: string; readonly teamsId: string },
): Promise<void> {
  const store = await database.openStore();
  try {
    for (let members = 0; members < PEOPLE; ) {
      await setTimeout(LOOK_MS);
      const found = await store.read.rosters.find(tenantId, teamsId);
      members = found ? await store.read.rosters.countMembers(found.id) : 0;
    }
  } finally {
    await store.close();
  }
}
