// The client against the running service, and against answers that only trouble brings.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BellhopError, createClient } from '../../../src/client/client.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const EVENT = { to: 'ana@contoso.com', title: 'Deploy finished' } as const;

describe('with the service', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService();
    await service.sandbox.people.install('ana');
  });

  afterAll(() => service.stop());

  test('an event is sent and waited for, and told of in the lists', async () => {
    const { client } = service;
    const { id, progress, deliveries } = await client.sendNotification(EVENT, { wait: 'delivered' });
    expect([progress, deliveries[0]?.state]).toEqual(['done', 'sent']);
    expect((await client.getNotification(id)).timeline.map(({ what }) => what)).toEqual(['accepted', 'sent', 'done']);
    const listed = await client.listDeliveriesOfNotification(id, { state: 'sent', limit: 1 });
    expect(listed.deliveries[0]?.attempts[0]).toMatchObject({ outcome: 'delivered' });
    expect((await client.listNotifications({ limit: 1 })).notifications[0]?.id).toBe(id);
    expect(await client.redeliverNotification(id, { ttl: 'PT1H' })).toMatchObject({ id, redelivered: 0, untouched: 1 });
    expect((await client.cancelNotification(id)).isBroadcastStopped).toBe(false);
  });

  test('a notification is tried without being sent', async () => {
    const before = (await service.client.listNotifications()).notifications.length;
    const { dryRun, deliveries, card } = await service.client.tryNotification(EVENT);
    expect([dryRun, deliveries]).toEqual([true, [{ recipient: EVENT.to }]]);
    expect(card.units).toBeLessThan(card.maxUnits);
    expect((await service.client.listNotifications()).notifications).toHaveLength(before);
  });

  test('one idempotency key makes one notification, and each call has a key of its own otherwise', async () => {
    const { client } = service;
    const send = async (idempotencyKey?: string) =>
      (await client.sendNotification(EVENT, idempotencyKey === undefined ? {} : { idempotencyKey })).id;
    expect(await send('deploy-1')).toBe(await send('deploy-1'));
    expect(await send()).not.toBe(await send());
  });

  test('what is wrong with a request is told with pointers', async () => {
    const error = await service.client.sendNotification({ to: 'ana', title: '' }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(BellhopError);
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, requestId: expect.any(String) });
    expect((error as BellhopError).faults.map(({ pointer }) => pointer)).toEqual(['/to', '/title']);
    const nobody = service.client.sendNotification({ to: 'nobody@contoso.com', title: 'x' });
    await expect(nobody).rejects.toMatchObject({
      code: 'no_recipient',
      problem: { unresolved: [{ reason: 'unknown' }] },
    });
    await expect(service.client.getNotification('../x')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('in trouble', () => {
  type Answer = Response | Error;
  /** A client whose requests are answered one after the other; the last answer stays. */
  const withAnswers = (...answers: readonly Answer[]) => {
    const requests: { readonly url: string; readonly headers: Headers }[] = [];
    const client = createClient({
      url: 'https://bellhop.example.com',
      key: 'k',
      maxDelayMs: 1_000,
      async fetch(url, init) {
        requests.push({ url: String(url), headers: new Headers(init?.headers) });
        init?.signal?.throwIfAborted();
        const answer = answers[Math.min(requests.length, answers.length) - 1] ?? new Error('no answer');
        if (answer instanceof Error) {
          throw answer;
        }
        return answer.clone();
      },
    });
    return { client, requests };
  };
  const ACCEPTED = Response.json({ id: 'ntf_1' }, { status: 202 });
  const comeAgain = (seconds: string) => new Response('', { status: 503, headers: { 'retry-after': seconds } });
  const LOST = new TypeError('fetch failed');

  test('an event is sent again under the same key until it is accepted', async () => {
    const { client, requests } = withAnswers(LOST, comeAgain('0'), ACCEPTED);
    expect(await client.sendNotification(EVENT)).toEqual({ id: 'ntf_1' });
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
    expect([requests.length, new Set(keys).size]).toEqual([3, 1]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('it gives up after its retries, and at once when the wait would be too long', async () => {
    const never = withAnswers(comeAgain('0'));
    await expect(never.client.sendNotification(EVENT)).rejects.toMatchObject({
      code: 'unexpected_answer',
      status: 503,
    });
    expect(never.requests).toHaveLength(4);
    const later = withAnswers(comeAgain('60'));
    await expect(later.client.sendNotification(EVENT)).rejects.toMatchObject({ status: 503 });
    expect(later.requests).toHaveLength(1);
  });

  test('what nobody could tell from a second request is not sent again when its answer was lost', async () => {
    const { client, requests } = withAnswers(LOST);
    await expect(client.redeliverDelivery('dlv_1')).rejects.toMatchObject({ code: 'unreachable', cause: LOST });
    expect(requests).toHaveLength(1);
  });

  test('a signal ends a request and the wait for the next one', async () => {
    const abort = new AbortController();
    const { client, requests } = withAnswers(comeAgain('1'));
    const sent = client.sendNotification(EVENT, { signal: abort.signal });
    await new Promise(setImmediate);
    abort.abort(new Error('enough'));
    await expect(sent).rejects.toThrow('enough');
    await expect(client.getNotification('ntf_1', { signal: abort.signal })).rejects.toThrow('enough');
    expect(requests).toHaveLength(2);
  });

  test('the query and the path carry what they are given, and the key goes into no address', async () => {
    const { client, requests } = withAnswers(Response.json({}));
    await client.listDeliveriesOfNotification('a/b', { state: 'sent', limit: 5 });
    expect(requests[0]?.url).toBe(
      'https://bellhop.example.com/api/v1/notifications/a%2Fb/deliveries?state=sent&limit=5',
    );
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer k');
  });
});

test('the types are those of the API as it is', async () => {
  const script = fileURLToPath(new URL('../../../scripts/generate-client.ts', import.meta.url));
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined();
});
