// What an operator sees: probes, metrics, a database that is locked, a stop in good order.

import { renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

describe('operation', () => {
  let service: RunningService;

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(() => service.stop());

  const get = async (path: string) => {
    const response = await fetch(`${service.url}${path}`);
    return { status: response.status, text: await response.text() };
  };

  test('the probes say that it lives and is ready, and why', async () => {
    expect(await get('/livez')).toMatchObject({ status: 200 });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual({ status: 'ready', checks: { store: 'ok', signingKeys: 'ok' } });
  });

  test('the metrics count what was accepted, attempted and sent, and what waits', async () => {
    const welcome = nextMessage(service.sandbox, 'Good to be here');
    await service.sandbox.people.install('ana');
    await welcome;
    await service.post({ to: ['ana@contoso.com'], title: 'Deploy finished' });
    const metrics = await until(
      () => get('/metrics'),
      ({ text }) => text.includes('bellhop_deliveries_ended_total{state="sent",reason=""} 2'),
    );
    expect(metrics.text).toContain('bellhop_notifications_accepted_total{priority="normal"} 1');
    expect(metrics.text).toContain('bellhop_attempts_total{operation="post",outcome="delivered"} 2');
    expect(metrics.text).toContain('bellhop_oldest_due_delivery_age_seconds 0');
  });

  test('a locked database makes it unready and refuses with 503, and it goes on by itself', async () => {
    const other = new DatabaseSync(service.databasePath);
    other.exec('BEGIN IMMEDIATE');
    try {
      const [refused, ready, live] = await Promise.all([
        service.post({ to: 'everyone', title: 'Deploy finished' }),
        get('/readyz'),
        get('/livez'),
      ]);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await refused.json()).toMatchObject({ type: 'urn:bellhop:problem:store_unavailable' });
      expect([ready.status, live.status]).toEqual([503, 200]);
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
    expect((await service.post({ to: 'everyone', title: 'Deploy finished' })).status).toBe(202);
  });

  test('a database file that is taken away gets no 202 for what would be lost, and all goes on once it is back', async () => {
    const post = () => service.post({ to: 'everyone', title: 'Deploy finished' });
    renameSync(service.databasePath, `${service.databasePath}.away`);
    expect((await post()).status).toBe(503);
    expect([(await get('/readyz')).status, (await get('/livez')).status]).toEqual([503, 200]);
    expect(service.log.some((line) => line.includes('DATABASE_FILE_GONE'))).toBe(true);
    renameSync(`${service.databasePath}.away`, service.databasePath);
    expect((await post()).status).toBe(202);
    expect((await get('/readyz')).status).toBe(200);
  });

  test('the request id of an answer, the notification and the attempt lead from one to the other', async () => {
    const welcome = nextMessage(service.sandbox, 'Good to be here');
    await service.sandbox.people.install('ana');
    await welcome;
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    const response = await service.post({ to: ['ana@contoso.com'], title: 'Deploy finished' });
    const { id } = (await response.json()) as { id: string };
    await seen;
    const status = await until(
      () => service.getStatus(id),
      ({ progress }) => progress === 'done',
    );
    const [delivery] = status['deliveries'] as readonly { attempts: readonly { requestId: string }[] }[];
    const requestId = delivery?.attempts[0]?.requestId;
    const received = service.sandbox.ledger.since(0).find((entry) => entry.requestId === requestId);
    expect(received).toMatchObject({ operation: 'sendToConversation', status: 201 });
    const answerId = response.headers.get('x-request-id');
    expect(service.log.some((line) => line.includes(String(answerId)) && line.includes('"status":202'))).toBe(true);
    expect(service.log.some((line) => line.includes(id) && line.includes('notification accepted'))).toBe(true);
  });

  test('a backlog above its limit is refused with 503, not dropped', async () => {
    await service.stop();
    service = await startService({ env: { MAX_BACKLOG: '1' } });
    const welcome = nextMessage(service.sandbox, 'Good to be here');
    await service.sandbox.people.install('ana');
    await welcome;
    service.sandbox.faults.add({ operation: 'sendToConversation', times: 'untilCleared', answer: { kind: 'hang' } });
    const post = () => service.post({ to: ['ana@contoso.com'], title: 'Deploy finished' });
    const refused = await until(post, ({ status }) => status !== 202);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ type: 'urn:bellhop:problem:backlog_full' });
    service.sandbox.faults.clear();
  });
});
