// How much of the set rate is used with a backlog that never ends, and whether Teams' limit is kept.

import { setTimeout } from 'node:timers/promises';
import type { Benchmark, Choices, Row } from '../benchmark.ts';
import type { Engine } from '../engine.ts';
import { openCheapReceiver, openStrictReceiver, type Receiver, TENANT_WINDOW } from '../receiver.ts';
import type { Resources } from '../resources.ts';
import { openScene, type WatchedService } from '../scene.ts';
import { LANE_RATE_PER_SECOND, seedBacklog } from '../seed.ts';
import { monotonicMs } from '../watch.ts';
import { worstWindow } from '../windows.ts';

interface Trial {
  readonly engine: Engine;
  readonly tenantCount: number;
  readonly replicas: number;
  readonly hasStalls: boolean;
  /** How long the stand-in takes to answer. */
  readonly answerMs: number;
}

/** Before it counts: connections are opened, code is compiled. */
const WARM_UP_MS = 3_000;
/** People beyond those who can be reached in the time, so that no lane runs dry. */
const SPARE_SECONDS = 8;
/** A data centre on another continent, and not a process on this machine. */
const SLOW_ANSWER_MS = 300;
/** Tenants whose 4 000 messages a second one processor cannot send: the row tells where it ends. */
const BEYOND_ONE_PROCESS = 100;
const FLOOR_PERCENT = 98;
const FLOOR_WITH_STALLS_PERCENT = 85;

/** One process on SQLite, one and four on a database that several can share. */
export const pacing: Benchmark = {
  name: 'pacing',
  async run(resources, choices) {
    const rows: Row[] = [];
    for (const trial of listTrials(choices)) {
      rows.push(...(await runTrial(resources, trial, choices.seconds)));
      await resources.release();
    }
    return rows;
  },
};

function listTrials({ engines, isThorough }: Choices): readonly Trial[] {
  const all = engines.flatMap((engine) =>
    (engine.isShared ? [1, 4] : [1]).flatMap((replicas) =>
      [1, 20, BEYOND_ONE_PROCESS].flatMap((tenantCount): readonly Trial[] => {
        const trial = { engine, tenantCount, replicas, hasStalls: false, answerMs: 0 };
        const slow = { ...trial, answerMs: SLOW_ANSWER_MS };
        return [trial, { ...trial, hasStalls: true }, ...(tenantCount === 1 ? [] : [slow])];
      }),
    ),
  );
  return isThorough ? all : all.filter(isTelling);
}

/** Those of which the others could be guessed. */
function isTelling({ engine, tenantCount, replicas, hasStalls, answerMs }: Trial): boolean {
  if (engine.isShared) {
    return tenantCount === 20 && replicas > 1 && answerMs === 0;
  }
  return tenantCount === 20 || (!hasStalls && answerMs === 0);
}

async function runTrial(resources: Resources, trial: Trial, seconds: number): Promise<readonly Row[]> {
  const { engine, tenantCount, replicas, hasStalls, answerMs } = trial;
  const peopleCount = tenantCount * LANE_RATE_PER_SECOND * (seconds + SPARE_SECONDS);
  // The sandbox knows one tenant only, and costs too much for hundreds of messages a second.
  const receiver = await (tenantCount === 1
    ? openStrictReceiver(resources, peopleCount)
    : openCheapReceiver(resources, tenantCount, { answerMs }));
  const scene = await openScene(resources, { engine, receiver, peopleCount, tenantCount });
  await seedBacklog(scene.database, { messagesEach: 1, dueAtMs: Date.now(), priority: 'normal' });
  const services = await Promise.all(Array.from({ length: replicas }, () => scene.startService({ hasStalls })));
  await setTimeout(WARM_UP_MS);
  const measured = await measure(receiver, services, seconds);
  const seen = await Promise.all(services.map((service) => service.endAndTell()));
  const sends = seen.flatMap((one) => one.sends).filter(({ atMs }) => atMs >= measured.fromMs && atMs < measured.toMs);
  return describe(trial, { ...measured, sends });
}

interface Measured {
  readonly fromMs: number;
  readonly toMs: number;
  readonly arrivals: Receiver['arrivals'];
  /** Of one processor. */
  readonly servicePercent: number;
  readonly receiverPercent: number;
}

async function measure(receiver: Receiver, services: readonly WatchedService[], seconds: number): Promise<Measured> {
  const cpuMs = () => services.reduce((sum, service) => sum + service.cpuMs(), 0);
  receiver.forget();
  const ownBefore = process.cpuUsage();
  const servicesBefore = cpuMs();
  const fromMs = monotonicMs();
  await setTimeout(seconds * 1_000);
  const toMs = monotonicMs();
  const own = process.cpuUsage(ownBefore);
  const percent = (spentMs: number) => (100 * spentMs) / (toMs - fromMs);
  return {
    fromMs,
    toMs,
    arrivals: receiver.arrivals.filter(({ atMs }) => atMs < toMs),
    servicePercent: percent(cpuMs() - servicesBefore),
    receiverPercent: percent((own.user + own.system) / 1_000),
  };
}

function describe(
  { engine, tenantCount, replicas, hasStalls, answerMs }: Trial,
  measured: Measured & { readonly sends: readonly { person: number; atMs: number }[] },
): readonly Row[] {
  const { arrivals, sends, fromMs, toMs } = measured;
  const what = [
    engine.name,
    `${tenantCount} tenant${tenantCount === 1 ? '' : 's'}${tenantCount === BEYOND_ONE_PROCESS ? ', more than the CPU can serve' : ''}`,
    ...(replicas > 1 ? [`${replicas} replicas`] : []),
    ...(hasStalls ? ['stalls'] : []),
    ...(answerMs > 0 ? [`answers after ${answerMs} ms`] : []),
  ].join(', ');
  const throttled = arrivals.filter(({ isThrottled }) => isThrottled).length;
  const perSecond = ((arrivals.length - throttled) / (toMs - fromMs)) * 1_000;
  const windows = { tenantCount, spanMs: TENANT_WINDOW.spanMs };
  return [
    { measure: `${what}: delivered`, value: perSecond, unit: 'req/s' },
    {
      measure: `${what}: share of the set rate`,
      value: (100 * perSecond) / (tenantCount * LANE_RATE_PER_SECOND),
      unit: '%',
      floor: hasStalls ? FLOOR_WITH_STALLS_PERCENT : FLOOR_PERCENT,
    },
    {
      measure: `${what}: worst second, as sent`,
      value: worstWindow(sends, windows),
      unit: 'requests',
      bar: TENANT_WINDOW.count,
    },
    { measure: `${what}: worst second, as received`, value: worstWindow(arrivals, windows), unit: 'requests' },
    { measure: `${what}: answered 429`, value: throttled, unit: 'requests', bar: 0 },
    { measure: `${what}: CPU of the service`, value: measured.servicePercent, unit: '%' },
    { measure: `${what}: CPU of the receiver`, value: measured.receiverPercent, unit: '%' },
  ];
}
