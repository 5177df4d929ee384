// How soon after its 202 a message reaches the Connector, on a system with nothing else to do.

import { setTimeout } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { addFinishedDeliveries, waitUntilSent } from '../database.ts';
import { Caller } from '../load.ts';
import type { Resources } from '../resources.ts';
import { requestBody } from '../samples.ts';
import { openStage, type Stage } from '../stage.ts';
import { percentile } from '../statistics.ts';

const PEOPLE = 100;
const WARM_UP = 20;
const MESSAGES = 200;
const FINISHED = 100_000;
/** So that one message has nothing to do with the next. */
const PAUSE_MS = 30;
const RECEIPT_TIMEOUT_MS = 10_000;

interface Sample {
  /** From the request to its 202. */
  readonly ackMs: number;
  /** From the 202 to the receipt; 0 when the message was there first. */
  readonly receiptMs: number;
  readonly isOvertaken: boolean;
}

/** Both instants are taken in this process: it is the producer, and the sandbox is in it. */
export const receipt: Benchmark = {
  name: 'receipt',
  async run(resources) {
    const fresh = await openStage(resources, { peopleCount: PEOPLE, tenantCount: PEOPLE });
    const used = await openStage(resources, { peopleCount: PEOPLE, tenantCount: PEOPLE });
    await addFinishedDeliveries(used.database, FINISHED);
    return [
      ...describe('empty database', await takeSamples(resources, fresh)),
      ...describe(`${FINISHED} finished deliveries`, await takeSamples(resources, used)),
    ];
  },
};

function describe(what: string, samples: readonly Sample[]): readonly Row[] {
  const acks = samples.map(({ ackMs }) => ackMs);
  const receipts = samples.map(({ receiptMs }) => receiptMs);
  const overtaken = samples.filter(({ isOvertaken }) => isOvertaken).length;
  return [
    { measure: `${what}: request to 202, p50`, value: percentile(acks, 50), unit: 'ms' },
    { measure: `${what}: 202 to receipt, p50`, value: percentile(receipts, 50), unit: 'ms', bar: 15 },
    { measure: `${what}: 202 to receipt, p99`, value: percentile(receipts, 99), unit: 'ms' },
    { measure: `${what}: received before the 202`, value: (100 * overtaken) / samples.length, unit: '%' },
  ];
}

async function takeSamples(resources: Resources, { database, sandbox, ...stage }: Stage): Promise<readonly Sample[]> {
  const service = await stage.startService();
  const caller = new Caller(resources, service.url, {
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: (index) => requestBody(`person${index % PEOPLE}@contoso.com`),
  });
  const samples: Sample[] = [];
  while (samples.length < WARM_UP + MESSAGES) {
    samples.push(await takeSample(caller, sandbox));
    await setTimeout(PAUSE_MS);
  }
  await waitUntilSent(database);
  await service.end();
  return samples.slice(WARM_UP);
}

async function takeSample(caller: Caller, sandbox: Sandbox): Promise<Sample> {
  let receivedAtMs = 0;
  const received = sandbox.waitFor(
    ({ kind }) => {
      receivedAtMs = performance.now();
      return kind === 'request';
    },
    { timeoutMs: RECEIPT_TIMEOUT_MS },
  );
  const postedAtMs = performance.now();
  const answered = caller.post().then(() => performance.now());
  const [answeredAtMs] = await Promise.all([answered, received]);
  return {
    ackMs: answeredAtMs - postedAtMs,
    receiptMs: Math.max(0, receivedAtMs - answeredAtMs),
    isOvertaken: receivedAtMs < answeredAtMs,
  };
}
