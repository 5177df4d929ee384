// CPU time of the whole service for one message, from the request to the state "sent".

import type { Benchmark, Row } from '../benchmark.ts';
import type { Child } from '../child-process.ts';
import { monotonicUs, type Phases, readShares } from '../cpu-profile.ts';
import { holdDeliveries, releaseDeliveries, waitUntilSent } from '../database.ts';
import type { Engine } from '../engine.ts';
import { Caller } from '../load.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { startSendLoop } from '../send-loop.ts';
import { APP_ID, openStage, type Stage } from '../stage.ts';
import { interleave, median, medianRatio } from '../statistics.ts';

const PEOPLE = 1_000;
/** At 40 messages a second each, more than one process can send. */
const TENANTS = 100;
/** With two messages a round and one round that does not count, a person gets eight: ten a minute are allowed. */
const ROUNDS = 3;
/** Beside what talks to a server of its own the service needs more. */
const BARS = {
  sqlite: { undici: { bar: 3 }, cloudAdapter: { bar: 0.5 }, accept: { bar: 1 } },
  postgres: { undici: {}, cloudAdapter: { bar: 1 }, accept: {} },
} as const;
const LOAD = { count: 1_000, concurrency: 16 } as const;

/** Milliseconds of CPU time a message. */
interface Spent {
  readonly accept: number;
  readonly deliver: number;
  /** Of processes of the database, while it was delivered. */
  readonly server: number;
}

/** The service with the two callers that it is asked by. */
interface Served {
  readonly stage: Stage;
  readonly service: Child;
  /** One request for each message. */
  readonly single: Caller;
  /** One request for everybody. */
  readonly broadcast: Caller;
}

export const serviceCpu: Benchmark = {
  name: 'service-cpu',
  async run(resources, { engines }) {
    const rows: Row[] = [];
    for (const engine of engines) {
      const measured = await measureEngine(resources, engine);
      rows.push(...measured.map((row) => ({ ...row, measure: `${engine.name}, ${row.measure}` })));
      await resources.release();
    }
    return rows;
  },
};

async function measureEngine(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const served = await serve(resources, engine, []);
  const { serviceUrl, tokens } = served.stage.sandbox;
  const loop = startSendLoop(resources, { appId: APP_ID, serviceUrl, token: tokens.issue(), peopleCount: PEOPLE });
  const loopOf = (way: 'undici' | 'cloudAdapter') => async () => ({
    accept: 0,
    deliver: await loop({ way, count: LOAD.count }),
    server: 0,
  });
  const measured = await interleave<string, Spent>(ROUNDS, {
    broadcast: () => runBroadcast(served),
    undici: loopOf('undici'),
    single: () => runSingle(served),
    cloudAdapter: loopOf('cloudAdapter'),
  });
  await served.service.end();
  return [
    ...toRows(measured, BARS[engine.name]),
    ...(served.stage.database.serverCpuMs ? toServerRows(measured) : []),
    ...(await measureShares(resources, engine)),
  ];
}

function toRows(
  { broadcast = [], single = [], undici = [], cloudAdapter = [] }: Record<string, Spent[]>,
  bars: (typeof BARS)[Engine['name']],
): Row[] {
  const [everyone, posts, bare, sdk] = [broadcast, single, undici, cloudAdapter].map((spent) => spent.map(total));
  const times = (measure: string, values: readonly number[] = [], bases: readonly number[] = []): Row => ({
    measure,
    value: medianRatio(values, bases),
    unit: 'times',
  });
  return [
    ms('CPU a message: one POST to everyone, the whole service', everyone),
    ms('CPU a message: bare undici', bare),
    ms('CPU a message: CloudAdapter', sdk),
    { ...times('one POST to everyone: multiple of bare undici', everyone, bare), ...bars.undici },
    { ...times('one POST to everyone: multiple of CloudAdapter', everyone, sdk), ...bars.cloudAdapter },
    {
      ...ms(
        'CPU a message: a POST for each, accepting',
        single.map(({ accept }) => accept),
      ),
      ...bars.accept,
    },
    ms(
      'CPU a message: a POST for each, delivering',
      single.map(({ deliver }) => deliver),
    ),
    times('a POST for each: multiple of bare undici', posts, bare),
    times('a POST for each: multiple of CloudAdapter', posts, sdk),
  ];
}

/** The database's own processes: no part of the service's time. */
function toServerRows({ broadcast = [], single = [] }: Record<string, Spent[]>): Row[] {
  return [
    ms(
      'CPU a message: one POST to everyone, the database server',
      broadcast.map(({ server }) => server),
    ),
    ms(
      'CPU a message: a POST for each, the database server, delivering',
      single.map(({ server }) => server),
    ),
  ];
}

function ms(measure: string, values: readonly number[] = []): Row {
  return { measure, value: median(values), unit: 'ms' };
}

function total({ accept, deliver }: Spent): number {
  return accept + deliver;
}

async function serve(resources: Resources, engine: Engine, flags: readonly string[]): Promise<Served> {
  const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: TENANTS, engine });
  const service = await stage.startService(undefined, flags);
  const callerOf = (recipientOf: (index: number) => string) =>
    new Caller(resources, service.url, {
      headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
      body: (index) => requestBody(recipientOf(index)),
    });
  return {
    stage,
    service,
    single: callerOf((index) => `person${index % PEOPLE}@contoso.com`),
    broadcast: callerOf(() => 'everyone'),
  };
}

async function runBroadcast({ stage, service, broadcast }: Served): Promise<Spent> {
  const { database } = stage;
  const atStartMs = service.cpuMs();
  const serverAtStartMs = database.serverCpuMs?.() ?? 0;
  await broadcast.post();
  await waitUntilSent(database);
  return {
    accept: 0,
    deliver: (service.cpuMs() - atStartMs) / PEOPLE,
    server: ((database.serverCpuMs?.() ?? 0) - serverAtStartMs) / PEOPLE,
  };
}

/** All messages are accepted first, then all are delivered, so that the two can be told apart. */
async function runSingle({ stage, service, single }: Served): Promise<Spent> {
  const { database } = stage;
  await holdDeliveries(database);
  const atStartMs = service.cpuMs();
  await single.run(LOAD);
  const acceptedMs = service.cpuMs();
  await releaseDeliveries(database);
  const serverAtStartMs = database.serverCpuMs?.() ?? 0;
  await waitUntilSent(database);
  const sentMs = service.cpuMs();
  return {
    accept: (acceptedMs - atStartMs) / LOAD.count,
    deliver: (sentMs - acceptedMs) / LOAD.count,
    server: ((database.serverCpuMs?.() ?? 0) - serverAtStartMs) / LOAD.count,
  };
}

/** The innermost frame that is named here decides, so a commit is no part of what it makes durable. */
const PHASES: Phases<'accept' | 'claim' | 'send' | 'record' | 'commit'> = [
  { frame: /src\/(http|notifications|producers)\//, phase: 'accept' },
  { frame: /sqlite\/lane-slots\.ts|delivery-queue\.ts (claim|expandFanout|hasDue|nextDueAtMs|find)/, phase: 'claim' },
  { frame: /delivery-queue\.ts (beginAttempt|endAttempt|release)|delivery\/(settle|attempt)\.ts/, phase: 'record' },
  { frame: /src\/teams\/|\/undici\//, phase: 'send' },
  { frame: /group-commit\.ts #(commit|begin)/, phase: 'commit' },
  { frame: /src\/delivery\//, phase: 'claim' },
];

/** A profile slows the service down, so it is made apart, of the second broadcast of another service. */
async function measureShares(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const folder = resources.folder();
  const served = await serve(resources, engine, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  await runBroadcast(served);
  const fromUs = monotonicUs();
  await runBroadcast(served);
  const window = { fromUs, toUs: monotonicUs() };
  await served.service.end();
  const shares = readShares(folder, window, PHASES);
  return (['accept', 'claim', 'send', 'record', 'commit', 'rest'] as const).map((phase) => ({
    measure: `one POST to everyone: share of ${phase}`,
    value: 100 * (shares.get(phase) ?? 0),
    unit: '%',
  }));
}
