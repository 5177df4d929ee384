// What hooks cost: payloads of external senders, from their bytes to rows on disk.

import { AppError } from '../../src/domain/errors.ts';
import type { Dialect } from '../../src/domain/source.ts';
import { readHookBody } from '../../src/http/hook-body.ts';
import { DIALECTS } from '../../src/sources/dialects.ts';
import type { Store } from '../../src/store/store.ts';
import { hmacOf, standardHeaders } from '../../test/support/hooks.ts';
import { headersOf, readPayload, readPayloads } from '../../test/support/senders.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { holdDeliveries } from '../database.ts';
import type { Engine } from '../engine.ts';
import { createSender, measureNeighbours } from '../hook-neighbours.ts';
import { addHook, createHooksOn, type MadeHook, pullRequest } from '../hooks.ts';
import { repeat } from '../load.ts';
import type { Resources } from '../resources.ts';
import { openStage, type Stage } from '../stage.ts';
import { interleave, median, timeEachMs } from '../statistics.ts';

const PEOPLE = 100;
const ROUNDS = 5;
const LOAD = { count: 400, concurrency: 16 } as const;
/** Milliseconds. */
const BARS = { accept: 3, signature: 5 } as const;
const SIGNED_BYTES = 256 * 1_024;

export const hooks: Benchmark = {
  name: 'hooks',
  async run(resources, { engines }) {
    const rows: Row[] = [];
    for (const engine of engines) {
      const measured = await measureEngine(resources, engine);
      rows.push(...measured.map((row) => ({ ...row, measure: `${engine.name}, ${row.measure}` })));
      await resources.release();
    }
    rows.push(...(await measureSignatures(resources)), ...(await measureNeighbours(resources)));
    await resources.release();
    return [...rows, ...(await measureTranslating())];
  },
};

async function measureEngine(resources: Resources, engine: Engine): Promise<readonly Row[]> {
  const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: PEOPLE, engine });
  await holdDeliveries(stage.database);
  const store = await stage.database.openStore();
  // A hook takes 1 200 requests at once at the most: one for each round.
  const made = await Promise.all(Array.from({ length: ROUNDS + 1 }, () => addHook(store, { source: 'github' })));
  const inProcess = await measureInProcess(store, made[0]);
  await store.close();
  return [...inProcess, await measureService(resources, stage, made)];
}

/** Everything between reading the bytes and answering. */
async function measureInProcess(store: Store, made: MadeHook | undefined): Promise<readonly Row[]> {
  const reception = createHooksOn(store);
  // Signatures have rows of their own.
  const opened = await open(reception, made, { 'x-hub-signature-256': '' });
  let number = 1;
  const { spent } = await interleave(ROUNDS, {
    async spent() {
      const posted = Array.from({ length: LOAD.count }, () => pullRequest(number++));
      const before = process.cpuUsage();
      await repeat(LOAD, async (index) => {
        const { body, headers } = posted[index] ?? pullRequest(0);
        const request = { headers, body: readHookBody(opened.dialect, headers['content-type'], body) };
        await reception.receive({ ...opened, request, to: [`person${index % PEOPLE}@contoso.com`] });
      });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000 / LOAD.count;
    },
  });
  const measure = 'CPU of a pull request (25 KB) in process: reading, translating, checking, accepting';
  return [{ measure, value: median(spent), unit: 'ms', bar: BARS.accept }];
}

async function measureService(resources: Resources, stage: Stage, made: readonly MadeHook[]): Promise<Row> {
  const service = await stage.startService();
  const sender = createSender(resources, { url: service.url, hooks: made, firstNumber: 1_000_000 });
  const { spent } = await interleave(ROUNDS, {
    async spent() {
      const atStartMs = service.cpuMs();
      await sender.run(LOAD);
      return (service.cpuMs() - atStartMs) / LOAD.count;
    },
  });
  const measure = 'CPU of a pull request (25 KB) with its signature, the whole service, accepting';
  return { measure, value: median(spent), unit: 'ms' };
}

async function measureSignatures(resources: Resources): Promise<readonly Row[]> {
  const { database } = await openStage(resources, { peopleCount: 1, tenantCount: 1 });
  const store = await database.openStore();
  resources.defer(() => store.close());
  const body = Buffer.alloc(SIGNED_BYTES, '{"text": "signed"}');
  const pagerduty = await addHook(store, { source: 'pagerduty' });
  const standard = await addHook(store, { source: 'standard-webhooks' });
  const header = 'x-pagerduty-signature';
  const right = standardHeaders(standard.secret, body);
  const wrong = standardHeaders(`whsec_${Buffer.alloc(32).toString('base64')}`, body);
  const ten = (one: string, separator: string) => Array(10).fill(one).join(separator);
  const check = (what: string, made: MadeHook, claim: Claim) =>
    measureSignature(store, made, { ...claim, body, measure: `256 KB signed, ${what}` });
  return [
    await check('signature', pagerduty, { headers: { [header]: `v1=${hmacOf(pagerduty.secret, body)}` }, is: true }),
    await check('signature, ten wrong ones', pagerduty, {
      ...{ headers: { [header]: ten(`v1=${hmacOf('another secret', body)}`, ',') }, is: false },
    }),
    await check('standard-webhooks', standard, { headers: right, is: true }),
    await check('standard-webhooks, ten wrong ones', standard, {
      ...{ headers: { ...wrong, 'webhook-signature': ten(wrong['webhook-signature'] ?? '', ' ') }, is: false },
    }),
  ];
}

/** What a request says of itself, and whether that is true. */
interface Claim {
  readonly headers: Readonly<Record<string, string>>;
  readonly is: boolean;
}

async function measureSignature(
  store: Store,
  made: MadeHook,
  { measure, headers, body, is }: Claim & { readonly measure: string; readonly body: Uint8Array },
): Promise<Row> {
  const reception = createHooksOn(store);
  const opened = await open(reception, made, headers);
  const signed = { ...opened, headers, body };
  if (reception.isSigned(signed) !== is) {
    throw new AppError('internal', `Expected ${measure} to be judged as it is`);
  }
  const { check } = await interleave(ROUNDS, { check: () => timeEachMs(50, () => reception.isSigned(signed)) });
  return { measure, value: median(check), unit: 'ms', bar: BARS.signature };
}

async function open(
  reception: ReturnType<typeof createHooksOn>,
  made: MadeHook | undefined,
  headers: Readonly<Record<string, string>>,
) {
  const opened = await reception.openHook(made?.id ?? '', { pathSecret: undefined, headers });
  if (!opened) {
    throw new AppError('internal', 'Expected a hook that its sender can open');
  }
  return opened;
}

/** Of each dialect the payload that has most bytes. */
async function measureTranslating(): Promise<readonly Row[]> {
  const cases = DIALECTS.map(largestOf);
  const measured = await interleave(
    ROUNDS,
    Object.fromEntries(
      cases.map(({ dialect, request }) => [dialect.name, () => timeEachMs(200, () => dialect.translate(request))]),
    ),
  );
  return cases.map(({ dialect, file, bytes }) => ({
    measure: `translating ${dialect.name}: ${file}, ${(bytes / 1_000).toFixed(1)} KB`,
    value: 1_000 * median(measured[dialect.name] ?? []),
    unit: 'us',
  }));
}

function largestOf(dialect: Dialect) {
  const [largest] = readPayloads(dialect.name)
    .payloads.map((payload) => ({ payload, bytes: readPayload(dialect.name, payload) }))
    .toSorted((left, right) => right.bytes.length - left.bytes.length);
  if (!largest) {
    throw new AppError('internal', `Expected payloads of ${dialect.name}`);
  }
  const headers = headersOf(largest.payload);
  const body = readHookBody(dialect, headers['content-type'], largest.bytes);
  return { dialect, request: { headers, body }, file: largest.payload.file, bytes: largest.bytes.length };
}
