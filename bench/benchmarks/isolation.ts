// What others in a tenant notice of one chat whose messages Teams refuses with 429.

import type { Benchmark, Row } from '../benchmark.ts';
import type { Engine } from '../engine.ts';
import { inTime } from '../in-time.ts';
import { Caller } from '../load.ts';
import { onEachEngine } from '../on-each-engine.ts';
import { type CheapReceiver, openCheapReceiver } from '../receiver.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openScene } from '../scene.ts';
import { interleave, median, medianRatio, percentile } from '../statistics.ts';
import { monotonicMs } from '../watch.ts';

/** At the tenant's pace a round takes five seconds; nobody gets more in a minute than a person may. */
const PEOPLE = 200;
const ROUNDS = 3;
/** In the middle, so that others come before and after. */
const THROTTLED_PERSON = PEOPLE / 2;
const ROUND_TIMEOUT_MS = 30_000;
const BAR = 1.1;

/** Each round is one message to everyone; the delay of a person is the time from the 202 to the Connector. */
export const isolation: Benchmark = {
  name: 'isolation',
  run: onEachEngine(measureEngine),
};

async function measureEngine(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const receiver = await openCheapReceiver(resources, 1);
  const scene = await openScene(resources, { engine, receiver, peopleCount: PEOPLE, tenantCount: 1 });
  const service = await scene.startService();
  const caller = new Caller(resources, service.url, {
    headers: { authorization: `Bearer ${scene.apiKey}`, 'content-type': 'application/json' },
    body: () => requestBody('everyone', 'normal'),
  });
  const { alone, throttled } = await interleave(ROUNDS, {
    alone: () => runRound(caller, receiver, undefined),
    throttled: () => runRound(caller, receiver, THROTTLED_PERSON),
  });
  await service.end();
  const at = (percent: number) => (rounds: readonly (readonly number[])[]) =>
    rounds.map((delays) => percentile(delays, percent));
  const what = `${engine.name}, delay of the others`;
  return [
    { measure: `${what}, no 429, p50`, value: median(at(50)(alone)), unit: 'ms' },
    { measure: `${what}, a chat with 429s, p50`, value: median(at(50)(throttled)), unit: 'ms' },
    ...[50, 99].map(
      (percent): Row => ({
        measure: `${what}, p${percent}: multiple of no 429`,
        value: medianRatio(at(percent)(throttled), at(percent)(alone)),
        unit: 'times',
        bar: BAR,
      }),
    ),
  ];
}

/** @returns the delays of all but the person who is throttled in half of the rounds, milliseconds */
async function runRound(
  caller: Caller,
  receiver: CheapReceiver,
  throttledPerson: number | undefined,
): Promise<readonly number[]> {
  receiver.throttledPerson = throttledPerson;
  const arrivedAtMs: number[] = [];
  const everybody = Promise.withResolvers<void>();
  receiver.onArrival(({ person, atMs, isThrottled }) => {
    if (person !== THROTTLED_PERSON && !isThrottled) {
      arrivedAtMs.push(atMs);
    }
    if (arrivedAtMs.length === PEOPLE - 1) {
      everybody.resolve();
    }
  });
  await caller.post();
  const acceptedAtMs = monotonicMs();
  await inTime(everybody.promise, { ms: ROUND_TIMEOUT_MS, what: 'Some people did not get their message' });
  return arrivedAtMs.map((atMs) => atMs - acceptedAtMs);
}
