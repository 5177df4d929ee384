// How long a message to 100 000 members of a team, or subscribers of a topic, takes to count and to have a delivery for
// each, beside one to everyone in the same database.

import { setImmediate } from 'node:timers/promises';
import type { Audience } from '../../src/store/notification-schema.ts';
import type { Store } from '../../src/store/store.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { addBroadcast, seedAudiences, seedCrowd } from '../seed.ts';
import { median } from '../statistics.ts';
import { monotonicMs } from '../watch.ts';

const PEOPLE = 100_000;
const CHUNK = 1_000;
const ROUNDS = 3;
const AUDIENCES = ['everyone', 'roster', 'topic'] as const;
const NAMES: Readonly<Record<Audience, string>> = { everyone: 'everyone', roster: 'team-members', topic: 'topic' };
const CHUNK_BAR_MS = 50;

/** All audiences of one engine share a database; of several rounds the median counts. */
export const audience: Benchmark = {
  name: 'audience',
  async run(resources, { engines }) {
    const rows: Row[] = [];
    for (const engine of engines) {
      const database = await engine.createDatabase(resources);
      const crowd = { appId: 'bench', serviceUrl: 'https://smba.trafficmanager.net/emea/', tenantCount: 1 };
      await seedCrowd(database, { ...crowd, peopleCount: PEOPLE });
      await seedAudiences(database);
      const store = await database.openStore();
      const rounds: Measured[] = [];
      for (let round = 0; round < ROUNDS * AUDIENCES.length; round++) {
        const which = AUDIENCES[round % AUDIENCES.length] ?? 'everyone';
        await addBroadcast(database, which, round);
        rounds.push(await measure(store, which));
      }
      await store.close();
      rows.push(...AUDIENCES.flatMap((which) => toRows(engine.name, which, rounds)));
    }
    return rows;
  },
};

interface Measured {
  readonly which: Audience;
  readonly countMs: number;
  readonly expandMs: number;
  readonly slowestChunkMs: number;
}

async function measure(store: Store, which: Audience): Promise<Measured> {
  const beganMs = monotonicMs();
  await (which === 'everyone'
    ? store.read.installations.countReachable(undefined)
    : store.read.places.countListed({ audience: which, audienceId: 1 }, undefined));
  const countedMs = monotonicMs();
  let slowestChunkMs = 0;
  for (let looked = CHUNK; looked > 0; ) {
    const chunkMs = monotonicMs();
    looked = await store.write((tx) => tx.queue.expandFanout(Date.now(), CHUNK));
    slowestChunkMs = Math.max(slowestChunkMs, monotonicMs() - chunkMs);
    await setImmediate();
  }
  return { which, countMs: countedMs - beganMs, expandMs: monotonicMs() - countedMs, slowestChunkMs };
}

function toRows(engine: string, which: Audience, rounds: readonly Measured[]): readonly Row[] {
  const of = (one: Audience) => rounds.filter((round) => round.which === one);
  const expandMs = (one: Audience) => median(of(one).map((round) => round.expandMs));
  const what = `${engine}, ${NAMES[which]} of ${PEOPLE}`;
  return [
    { measure: `${what}: counted`, value: median(of(which).map(({ countMs }) => countMs)), unit: 'ms' },
    { measure: `${what}: all deliveries made`, value: expandMs(which), unit: 'ms' },
    {
      measure: `${what}: slowest part`,
      value: Math.max(...of(which).map(({ slowestChunkMs }) => slowestChunkMs)),
      unit: 'ms',
      bar: CHUNK_BAR_MS,
    },
    { measure: `${what}: beside everyone`, value: expandMs(which) / expandMs('everyone'), unit: 'times' },
  ];
}
