// What a backlog costs: a claim, the looks at the queue, the memory and the patience of the service.

import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../src/domain/errors.ts';
import type { Store } from '../../src/store/store.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import type { Engine } from '../engine.ts';
import { Caller } from '../load.ts';
import { onEachEngine } from '../on-each-engine.ts';
import { openCheapReceiver } from '../receiver.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openScene, type Scene } from '../scene.ts';
import { seedBacklog } from '../seed.ts';
import { interleave, median, medianRatio } from '../statistics.ts';
import { monotonicMs } from '../watch.ts';

const TENANTS = 20;
const SIZES = {
  small: { label: '10 thousand', peopleCount: 10_000, messagesEach: 1 },
  middle: { label: '100 thousand', peopleCount: 100_000, messagesEach: 1 },
  large: { label: '1 million', peopleCount: 100_000, messagesEach: 10 },
} as const;
const CLAIMS = 100;
const CLAIM_SIZE = 64;
const CLAIM_BAR = 1.5;
const SERVICE_MS = 15_000;
const MEMORY_BAR_MB = 256;

/** Claims of the three sizes in turn, without the service; then the service with the largest. */
export const growth: Benchmark = {
  name: 'growth',
  run: onEachEngine(measureEngine),
};

async function measureEngine(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const open = async ({ peopleCount, messagesEach }: (typeof SIZES)[keyof typeof SIZES]) => {
    const receiver = await openCheapReceiver(resources, TENANTS);
    const scene = await openScene(resources, { engine, receiver, peopleCount, tenantCount: TENANTS });
    await seedBacklog(scene.database, { messagesEach, dueAtMs: Date.now(), priority: 'normal' });
    return scene;
  };
  const scenes = {
    small: await open(SIZES.small),
    middle: await open(SIZES.middle),
    large: await open(SIZES.large),
  };
  const claims = await measureClaims(scenes);
  const name = (what: string) => `${engine.name}, ${what}`;
  return [
    ...Object.entries(SIZES).flatMap(([size, { label }]) =>
      describe(name(`${label} pending`), claims[size as keyof typeof SIZES]),
    ),
    {
      measure: name('claim: multiple of 10 thousand at 1 million'),
      value: medianRatio(claims.large.map(claimMs), claims.small.map(claimMs)),
      unit: 'times',
      bar: CLAIM_BAR,
    },
    ...(await measureService(resources, scenes.large)).map((row) => ({ ...row, measure: name(row.measure) })),
  ];
}

interface Looks {
  readonly claimMs: number;
  /** What is asked before each claim. */
  readonly hasDueMs: number;
  readonly nextDueMs: number;
  /** What is counted once a second while notifications come in, and at each scrape. */
  readonly countMs: number;
}

const claimMs = (looks: Looks): number => looks.claimMs;

function describe(what: string, looks: readonly Looks[]): readonly Row[] {
  return [
    { measure: `${what}: claim of ${CLAIM_SIZE}`, value: median(looks.map(claimMs)), unit: 'ms' },
    { measure: `${what}: is something due`, value: median(looks.map(({ hasDueMs }) => hasDueMs)), unit: 'ms' },
    { measure: `${what}: when is something due`, value: median(looks.map(({ nextDueMs }) => nextDueMs)), unit: 'ms' },
    { measure: `${what}: counting what waits`, value: median(looks.map(({ countMs }) => countMs)), unit: 'ms' },
  ];
}

async function measureClaims<Size extends string>(
  scenes: Readonly<Record<Size, Scene>>,
): Promise<Record<Size, Looks[]>> {
  const stores = new Map<string, Store>();
  for (const [size, { database }] of Object.entries<Scene>(scenes)) {
    stores.set(size, await database.openStore());
  }
  // Each claim is half a second later than the one before: every lane has slots for it.
  let nowMs = Date.now() + 1_000;
  const look = (store: Store | undefined) => () => {
    nowMs += 500;
    return lookAt(store, nowMs);
  };
  try {
    const parts = Object.fromEntries(Object.keys(scenes).map((size) => [size, look(stores.get(size))]));
    return (await interleave(CLAIMS, parts)) as Record<Size, Looks[]>;
  } finally {
    for (const store of stores.values()) {
      await store.close();
    }
  }
}

/** As the dispatcher does it; what was claimed counts as sent. */
async function lookAt(store: Store | undefined, nowMs: number): Promise<Looks> {
  if (!store) {
    throw new AppError('internal', 'There is no store of this size');
  }
  const hasDueMs = await timed(() => store.read.queue.hasDue(nowMs));
  const nextDueMs = await timed(() => store.read.queue.nextDueAtMs());
  const countMs = await timed(() => store.read.deliveries.countOpen());
  const input = {
    ...{ nowMs, owner: 'bench', leaseMs: 60_000, limit: CLAIM_SIZE, quantum: 20, horizonMs: 400 },
    ...{ closedOrigins: [], isClosedToRetries: false },
  };
  let ids: readonly number[] = [];
  const claimMs = await timed(async () => {
    const claimed = await store.write(async (tx) => {
      await tx.queue.expireDue(nowMs);
      await tx.queue.expandFanout(nowMs, 2_000);
      return tx.queue.claim(input);
    });
    ids = claimed.map(({ id }) => id);
  });
  if (ids.length !== CLAIM_SIZE) {
    throw new AppError('internal', `Expected to claim ${CLAIM_SIZE} deliveries, got ${ids.length}`);
  }
  await store.write(async (tx) => {
    for (const deliveryId of ids) {
      await tx.queue.release({ deliveryId, owner: input.owner }, { ...SENT, dueAtMs: nowMs, nowMs });
    }
  });
  return { claimMs, hasDueMs, nextDueMs, countMs };
}

const SENT = { state: 'sent', failures: 0, isReduced: false, reason: null, activityId: '1' } as const;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

/** The service delivers, and takes a notification and a scrape every second. */
async function measureService(resources: Resources, scene: Scene): Promise<readonly Row[]> {
  const service = await scene.startService();
  const caller = new Caller(resources, service.url, {
    headers: { authorization: `Bearer ${scene.apiKey}`, 'content-type': 'application/json' },
    body: (index) => requestBody(`person${index}@contoso.com`),
  });
  await setTimeout(2_000);
  const fromMs = monotonicMs();
  while (monotonicMs() < fromMs + SERVICE_MS) {
    await caller.post();
    await fetch(`${service.url}/metrics`).then((response) => response.arrayBuffer());
    await setTimeout(1_000);
  }
  const toMs = monotonicMs();
  const peakMb = service.peakMb();
  const { blocks } = await service.endAndTell();
  const during = blocks.filter(({ untilMs }) => untilMs > fromMs && untilMs < toMs);
  return [
    { measure: 'service with 1 million pending: most memory', value: peakMb, unit: 'MB', bar: MEMORY_BAR_MB },
    {
      measure: 'service with 1 million pending: longest block of the event loop',
      value: Math.max(0, ...during.map(({ lastedMs }) => lastedMs)),
      unit: 'ms',
    },
  ];
}
