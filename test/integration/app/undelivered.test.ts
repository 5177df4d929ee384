// What did not arrive, over HTTP and by the command line beside the running service.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock } from '../../../src/domain/clock.ts';
import { addProducer } from '../../../src/producers/administer.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

type Json = Record<string, unknown>;

let service: RunningService;
/** The notification to Ana that Teams has refused; its delivery is `dlv_<number>`. */
let refused: string;
let delivery: string;

const ask = async (path: string, { key = service.apiKey, ...init }: RequestInit & { key?: string } = {}) => {
  const headers = { authorization: `Bearer ${key}`, ...(init.body ? { 'content-type': 'application/json' } : {}) };
  const response = await fetch(`${service.url}/api/v1/${path}`, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Json };
};

const change = (path: string, body?: object, key?: string) =>
  ask(path, { method: 'POST', ...(body && { body: JSON.stringify(body) }), ...(key !== undefined && { key }) });

const stateOf = async (id: string) => String(((await service.getStatus(id))['deliveries'] as Json[])[0]?.['state']);
const untilState = (id: string, state: string) =>
  until(
    () => stateOf(id),
    (found) => found === state,
  );

async function notify(): Promise<string> {
  const response = await service.post({ to: 'ana@contoso.com', title: 'Deploy finished' });
  return String(((await response.json()) as Json)['id']);
}

/** One that waits, because Teams has asked for a long pause. */
async function notifyInVain(): Promise<string> {
  service.sandbox.faults.add({
    operation: 'sendToConversation',
    answer: { kind: 'status', status: 429, retryAfter: '600' },
  });
  const id = await notify();
  await until(
    async () => JSON.stringify(await service.getStatus(id)),
    (status) => status.includes('"outcome":"throttled"'),
  );
  return id;
}

/** A key of another producer. */
async function strangersKey(): Promise<string> {
  const store = openSqliteStore({ path: service.databasePath, isServer: false });
  await addProducer({ store, clock: systemClock, randomBytes }, 'billing');
  await store.close();
  return service.createKey({ producer: 'billing' });
}

beforeEach(async () => {
  service = await startService();
  await installReachable(service, 'ana');
  await until(
    async () => service.log.some((line) => line.includes('delivery sent')),
    (isWelcomed) => isWelcomed,
  );
  service.sandbox.faults.add({ operation: 'sendToConversation', answer: { kind: 'status', status: 400 } });
  refused = await notify();
  await untilState(refused, 'failed');
  delivery = String(((await service.getStatus(refused))['deliveries'] as Json[])[0]?.['id']);
});

afterEach(() => service.stop());

describe('a producer', () => {
  test('is told what did not arrive and why, and sends it again', async () => {
    const { status, body } = await ask('deliveries?state=failed&limit=10');
    expect(status).toBe(200);
    expect(body).toEqual({
      deliveries: [
        expect.objectContaining({
          id: delivery,
          notification: refused,
          recipient: 'ana@contoso.com',
          reason: { code: 'bad_request', detail: expect.any(String) },
        }),
      ],
      nextCursor: null,
    });
    expect(await change(`deliveries/${delivery}/redeliver`, { ttl: 'PT1H' })).toEqual({
      status: 200,
      body: { id: delivery, redelivered: 1, untouched: 0, unreachable: 0 },
    });
    await untilState(refused, 'sent');
    expect((await change(`notifications/${refused}/redeliver`)).body).toEqual({
      id: refused,
      redelivered: 0,
      untouched: 1,
      unreachable: 0,
    });
    expect((await ask('deliveries')).body['deliveries']).toEqual([]);
  });

  test('withdraws what waits', async () => {
    const id = await notifyInVain();
    expect(await change(`notifications/${id}/cancel`)).toEqual({
      status: 200,
      body: { id, cancelled: 1, untouched: 0, isBroadcastStopped: false },
    });
    expect(await stateOf(id)).toBe('cancelled');
    expect((await change(`deliveries/${delivery}/cancel`)).body).toEqual({ id: delivery, cancelled: 0, untouched: 1 });
  });

  test('finds nothing of another one, and touches nothing', async () => {
    const key = await strangersKey();
    expect((await ask('deliveries', { key })).body).toEqual({ deliveries: [], nextCursor: null });
    const paths = [`notifications/${refused}`, `deliveries/${delivery}`].flatMap((path) => [
      `${path}/redeliver`,
      `${path}/cancel`,
    ]);
    for (const path of paths) {
      expect((await change(path, undefined, key)).status).toBe(404);
    }
    expect((await ask(`deliveries?notification=${refused}`, { key })).status).toBe(404);
    expect(await stateOf(refused)).toBe('failed');
  });

  test('needs the scope for what it asks', async () => {
    const [reader, sender] = [
      await service.createKey({ scopes: ['read'] }),
      await service.createKey({ scopes: ['send'] }),
    ];
    expect((await ask('deliveries', { key: sender })).status).toBe(403);
    expect((await change(`deliveries/${delivery}/redeliver`, undefined, reader)).status).toBe(403);
    expect((await change(`notifications/${refused}/cancel`, undefined, reader)).status).toBe(403);
  });

  test.each(['deliveries?sate=failed', 'deliveries?state=failed&state=held', 'deliveries?limit=201'])(
    'is refused %s',
    async (path) => {
      expect((await ask(path)).status).toBe(400);
    },
  );

  test('is refused a body or a query that means nothing', async () => {
    expect((await change(`deliveries/${delivery}/redeliver?ttl=PT1H`)).status).toBe(400);
    expect((await change(`deliveries/${delivery}/cancel`, { ttl: 'PT1H' })).status).toBe(400);
    const { status, body } = await change(`deliveries/${delivery}/redeliver`, { ttl: 'PT1S' });
    expect([status, body['faults']]).toEqual([400, [{ pointer: '/ttl', detail: expect.any(String) }]]);
    expect(await stateOf(refused)).toBe('failed');
  });
});

describe('an operator', () => {
  const bellhop = async (...words: readonly string[]) => {
    const env = { DATABASE_URL: `sqlite:${service.databasePath}` };
    return (await promisify(execFile)(process.execPath, [CLI, 'delivery', ...words], { env })).stdout;
  };

  test('lists what did not arrive, as a table with the reasons explained', async () => {
    const [headings, line, , reason] = (await bellhop('list', '--state', 'failed', '--since', '2h')).split('\n');
    expect(headings).toMatch(/^ID +STATE +REASON +ENDED +ATTEMPTS +PRODUCER +NOTIFICATION +RECIPIENT$/);
    expect(line).toMatch(new RegExp(`^${delivery} +failed +bad_request +\\S+Z +1 +ci +${refused} +ana@contoso.com$`));
    expect(reason).toMatch(/^bad_request: Teams refused/);
    expect(await bellhop('list', '--producer', 'ci', '--reason', 'forbidden')).toBe('Nothing.\n');
  });

  test('sends it again while the service runs, which notices by itself', async () => {
    expect(await bellhop('redeliver', '--state', 'failed', '--since', '2h', '--ttl', '1h')).toBe(
      'Put back into the queue: 1.\n',
    );
    await untilState(refused, 'sent');
    expect(await bellhop('redeliver', delivery)).toBe(
      'Put back into the queue: 0.\nLeft alone, because queued, on the way, sent or cancelled: 1.\n',
    );
  });

  test('withdraws what waits', async () => {
    const id = await notifyInVain();
    expect(await bellhop('cancel', '--notification', id)).toBe('Cancelled: 1.\n');
    expect(await stateOf(id)).toBe('cancelled');
  });

  test.each([
    [['redeliver']],
    [['redeliver', 'dlv_1', '--state', 'held']],
    [['redeliver', 'dlv_999']],
    [['cancel']],
    [['cancel', '--notification', 'ntf_1']],
    [['list', '--since', 'yesterday']],
    [['list', '--producer', 'nobody']],
  ])('is told what is wrong with %j', async (words) => {
    await expect(bellhop(...words)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Expected|There is no/),
    });
    expect(await stateOf(refused)).toBe('failed');
  });
});
