// Hooks on PostgreSQL, where two processes take what senders post: it is one service to them.

import { randomBytes } from 'node:crypto';
import { messagesOf } from '../../support/chat.ts';
import { hmacOf, makeHook, postTo } from '../../support/hooks.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const ALERT = JSON.stringify({
  version: '4',
  status: 'firing',
  groupKey: '{}:{alertname="Disk"}',
  commonLabels: { alertname: 'Disk', severity: 'critical' },
  commonAnnotations: { summary: 'Disk is full' },
  alerts: [{ status: 'firing', labels: { severity: 'critical' }, startsAt: '2026-10-04T13:32:56Z', fingerprint: 'f1' }],
});
const PING = '{"zen":"Design for failure.","hook_id":1}';

let server: PostgresServer;
let service: RunningService;
let beside: Awaited<ReturnType<RunningService['startBeside']>>;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

beforeEach(async () => {
  service = await startService({
    env: {
      DATABASE_URL: server.url(await server.createDatabase()),
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    },
  });
  await installReachable(service, 'ana');
  beside = await service.startBeside();
});

afterEach(async () => {
  await beside.stop();
  await service.stop();
});

const bearer = (secret: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${secret}` });

test('a hundred equal requests to two processes at the same time make one notification and one card', async () => {
  const { id, secret } = await makeHook(service, { source: 'alertmanager', ratePerMinute: 6_000 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, at) =>
      postTo(`${at % 2 === 0 ? service.url : beside.url}/hooks/${id}`, ALERT, bearer(secret)),
    ),
  );
  const told = answers.flatMap(({ json }) => json.notifications);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(told.map((one) => one.id)).size).toBe(1);
  expect(told.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  await until(
    () => service.getStatus(told[0].id),
    ({ progress }) => progress === 'done',
  );
  expect((await service.client.listNotifications({})).notifications).toHaveLength(1);
  expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Disk is full'))).toHaveLength(1);
});

test.each([
  ['is recognised', 'alertmanager', (secret: string) => bearer(secret), ALERT, 202],
  [
    'signs',
    'github',
    (secret: string) => ({ 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${hmacOf(secret, PING)}` }),
    PING,
    200,
  ],
] as const)(
  'a secret that %s and was exchanged in one process is at once no good in the other',
  async (_what, source, sign, body, good) => {
    const { id, secret } = await makeHook(service, { source });
    const post = async (by: string) => (await postTo(`${beside.url}/hooks/${id}`, body, sign(by))).status;
    expect(await post(secret)).toBe(good);
    const rotated = await fetch(`${service.url}/api/v1/hooks/${id}/rotate`, {
      method: 'POST',
      headers: bearer(await service.createKey({ scopes: ['manage', 'send'] })),
      body: '{"keepPreviousFor":"PT0S"}',
    });
    const { secret: young } = (await rotated.json()) as { secret: string };
    expect([await post(secret), await post(young)]).toEqual([401, good]);
  },
);
