// Templates over HTTP, and what people see of them.

import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/domain/clock.ts';
import { addProducer } from '../../../src/producers/administer.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { ORDER_TEMPLATE as TEMPLATE } from '../../support/order-template.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

type Json = Record<string, unknown>;

let service: RunningService;
let manager: string;

beforeAll(async () => {
  service = await startService();
  manager = await service.createKey({ scopes: ['send', 'manage'] });
  await installReachable(service, 'ana');
});

afterAll(() => service.stop());

const ask = async (method: string, path: string, body?: unknown, key = manager) => {
  const response = await fetch(`${service.url}/api/v1/templates${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, location: response.headers.get('location'), body: (await response.json()) as Json };
};

const post = async (fields: Json, headers = {}, query = '') => {
  const response = await fetch(`${service.url}/api/v1/notifications${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${manager}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ to: 'ana@contoso.com', ...fields }),
  });
  return { status: response.status, body: (await response.json()) as Json };
};

const faultsOf = ({ body }: { readonly body: Json }) =>
  ((body['faults'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

describe('the owner of templates', () => {
  test('makes one, changes it, reads it, tries it and removes it', async () => {
    expect(await ask('PUT', '/order', TEMPLATE)).toMatchObject({
      status: 201,
      location: '/api/v1/templates/order',
      body: { name: 'order', createdAt: expect.any(String), warnings: [] },
    });
    expect(await ask('PUT', '/order', { ...TEMPLATE, title: 'Order' })).toMatchObject({ status: 200, location: null });
    expect(await ask('GET', '/order')).toMatchObject({
      status: 200,
      body: { name: 'order', title: 'Order', ...TEMPLATE },
    });
    expect((await ask('GET', '')).body).toEqual({ templates: [expect.objectContaining({ name: 'order' })] });
    const bySample = await ask('POST', '/order/preview');
    expect(bySample).toMatchObject({ status: 200, body: { summary: 'Order A1 of Ana', title: 'Order', warnings: [] } });
    expect(bySample.body['units']).toBe(JSON.stringify(bySample.body['card']).length);
    const byData = await ask('POST', '/order/preview', { data: { id: 'B2', lines: [] } });
    expect(byData.body['warnings']).toEqual([
      { code: 'missing_data', pointer: '/summary', detail: expect.stringContaining('customer') },
      { code: 'missing_data', pointer: '/card/body/0/text', detail: expect.stringContaining('customer') },
    ]);
    expect(await ask('DELETE', '/order')).toMatchObject({ status: 200, body: { name: 'order', isRemoved: true } });
    expect((await ask('DELETE', '/order')).status).toBe(404);
    expect((await ask('GET', '/order')).status).toBe(404);
  });

  test('is told at once what no card could be made of, and nothing is stored', async () => {
    const card = { ...TEMPLATE.card, body: [{ type: 'TextBlock', text: '${range(0, 9)}' }] };
    expect(faultsOf(await ask('PUT', '/bad', { ...TEMPLATE, card }))).toEqual(['/card/body/0/text']);
    const action = { type: 'Action.OpenUrl', title: 'x', url: 'http://${id}' };
    const unsafe = { ...TEMPLATE, card: { ...TEMPLATE.card, actions: [action] } };
    expect(faultsOf(await ask('PUT', '/bad', unsafe))).toEqual(['/card']);
    expect(faultsOf(await ask('PUT', '/bad', { ...TEMPLATE, colour: 'red', sample: [] }))).toEqual([
      '/sample',
      '/colour',
    ]);
    const large = { ...TEMPLATE, sample: { text: 'ü'.repeat(40_000) } };
    expect(faultsOf(await ask('PUT', '/bad', large))).toEqual(['/sample']);
    expect((await ask('PUT', '/Bad', TEMPLATE)).status).toBe(400);
    expect((await ask('GET', '/bad')).status).toBe(404);
  });

  test('needs the scope for it, and sees nothing of others', async () => {
    await ask('PUT', '/mine', TEMPLATE);
    const stranger = await strangersKey();
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/mine'],
      ['DELETE', '/mine'],
      ['POST', '/mine/preview'],
    ] as const) {
      expect((await ask(method, path, undefined, service.apiKey)).status).toBe(403);
      expect((await ask(method, path, undefined, stranger)).status).toBe(path === '' ? 200 : 404);
    }
    expect((await ask('GET', '', undefined, stranger)).body).toEqual({ templates: [] });
    expect((await ask('GET', '/mine')).status).toBe(200);
  });
});

/** A key of another producer. */
async function strangersKey(): Promise<string> {
  const store = openSqliteStore({ path: service.databasePath, isServer: false });
  await addProducer({ store, clock: systemClock, randomBytes }, 'billing');
  await store.close();
  return service.createKey({ producer: 'billing', scopes: ['manage'] });
}

describe('a notification by template', () => {
  beforeAll(() => ask('PUT', '/order', TEMPLATE));

  const data = { id: 'A/7', customer: '*Ben* <at>Ana</at>', lines: [{ sku: '# 1', price: 1_234.5 }] };

  test('is a card in the chat, with text from data as it is', async () => {
    const arrival = messageWith('Order A/7');
    const { status, body } = await post({ template: { name: 'order', data }, severity: 'success' });
    expect([status, body['warnings']]).toEqual([202, undefined]);
    const { summary, attachments } = await arrival;
    expect(summary).toBe('Order A/7 of *Ben* <at>Ana</at>');
    expect(attachments?.[0]?.content).toMatchObject({
      body: [
        { text: String.raw`**Order A/7** of \*Ben\* \<at\>Ana\</at\>` },
        { facts: [{ title: String.raw`\# 1`, value: '1,234.50' }] },
        expect.anything(),
      ],
      actions: [{ url: 'https://shop.contoso.com/A%2F7' }],
    });
  });

  test('goes out with what the data has, and its sender is told what it lacks', async () => {
    const arrival = messageWith('"Mine"');
    const { status, body } = await post({
      template: { name: 'order', data: { ...data, customer: null } },
      summary: 'Mine',
    });
    expect([status, body['warnings']]).toEqual([
      202,
      [
        {
          code: 'missing_data',
          pointer: '/template/data',
          detail: expect.stringContaining('at /summary of the template'),
        },
        { code: 'missing_data', pointer: '/template/data', detail: expect.stringContaining('${customer}') },
      ],
    ]);
    expect((await arrival).summary).toBe('Mine');
  });

  test.each<[string, Json, string[]]>([
    ['no such template', { template: { name: 'none' } }, ['/template/name']],
    ['no name of a template', { template: { name: '../order' } }, ['/template/name']],
    [
      'fields beside it',
      { template: { name: 'order', data }, title: 'x', card: {}, text: 'y' },
      ['/title', '/text', '/card'],
    ],
    ['a state of nothing', { template: { name: 'order', data }, state: 'open' }, ['/state']],
    ['a zone without a time', { template: { name: 'order', data }, timeZone: 'Europe/Berlin' }, ['/timeZone']],
    ['a misspelt field', { template: { name: 'order', date: data } }, ['/template/date']],
    ['data that is no object', { template: { name: 'order', data: [] } }, ['/template/data']],
    [
      'data that is too large',
      { template: { name: 'order', data: { a: ['x'.repeat(40_000), 'x'.repeat(40_000)] } } },
      ['/template/data'],
    ],
    [
      'a message that is too long',
      { template: { name: 'order', data: { ...data, lines: Array(700).fill({ sku: 'x'.repeat(40), price: 1 }) } } },
      ['/template'],
    ],
    [
      'a card that may not be sent',
      { template: { name: 'order', data: { ...data, id: 'x'.repeat(3_000) } } },
      ['/template'],
    ],
  ])('is refused for %s, at its place', async (_what, fields, pointers) => {
    const answer = await post(fields);
    expect([answer.status, faultsOf(answer)]).toEqual([400, pointers]);
  });

  test('is answered once more by its idempotency key after the template is gone', async () => {
    await ask('PUT', '/brief', TEMPLATE);
    const fields = { template: { name: 'brief', data } };
    const headers = { 'idempotency-key': 'brief-1' };
    const first = await post(fields, headers);
    await ask('DELETE', '/brief');
    expect(await post(fields, headers)).toEqual(first);
    expect((await post(fields)).status).toBe(400);
  });

  test('is tried by a dry run, which tells what it lacks', async () => {
    const { status, body } = await post({ template: { name: 'order', data: { id: 'dry' } } }, {}, '?dry_run=true');
    expect([status, body]).toMatchObject([
      200,
      {
        dryRun: true,
        card: { summary: 'Order dry of' },
        warnings: expect.arrayContaining([expect.objectContaining({ code: 'missing_data' })]),
      },
    ]);
  });
});

interface Message {
  readonly summary?: string;
  readonly attachments?: readonly { readonly content?: unknown }[];
}

/** The next message of the bot that holds this, as JSON. */
async function messageWith(part: string): Promise<Message> {
  const event = await service.sandbox.waitFor(
    (one) => one.kind === 'message' && JSON.stringify(one.message.activity).includes(part),
    { timeoutMs: 10_000 },
  );
  return event.kind === 'message' ? event.message.activity : {};
}
