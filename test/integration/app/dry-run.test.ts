// A dry run: everything about a notification is told, nothing is stored, nothing is sent.

import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

interface DryRunAnswer {
  readonly dryRun: true;
  readonly deliveries: readonly unknown[];
  readonly unresolved: readonly { readonly recipient: string; readonly reason: string }[];
  readonly card: {
    readonly content: unknown;
    readonly summary: string;
    readonly units: number;
    readonly bytes: number;
  };
  readonly shortened?: { readonly characters: number };
  readonly warnings: readonly { readonly code: string; readonly pointer?: string }[];
  readonly preview: string;
}

let service: RunningService;

beforeAll(async () => {
  service = await startService({ env: { PUBLIC_URL: 'https://bellhop.example' } });
  const welcome = nextMessage(service.sandbox, 'Good to be here');
  await installReachable(service, 'ana');
  await welcome;
});

afterAll(() => service.stop());

async function request(json: unknown, query = 'dry_run=true', headers: Record<string, string> = {}) {
  const response = await fetch(`${service.url}/api/v1/notifications?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function tryOut(json: unknown, headers: Record<string, string> = {}): Promise<DryRunAnswer> {
  const { status, text } = await request(json, 'dry_run=1', headers);
  expect(status).toBe(200);
  return JSON.parse(text);
}

/** How many rows each table holds, as any other process sees it. */
function countRows(): Readonly<Record<string, unknown>> {
  const db = new DatabaseSync(service.databasePath, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const counts = tables.map(({ name }) => [name, db.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.['n']]);
  db.close();
  return Object.fromEntries(counts);
}

/** The time of the one who reads, or of the world. */
const ZONED_TIME = / · [^"]+ (?:E[SD]T|UTC)[^"]*"/;
const withoutTime = (message: unknown) => JSON.parse(JSON.stringify(message).replace(ZONED_TIME, '"'));

test('it answers with what is sent later, and stores and sends nothing', async () => {
  const event = {
    to: 'ana@contoso.com',
    title: 'Deploy finished',
    links: [{ title: 'Run', url: 'https://ci.example' }],
  };
  const before = countRows();
  const dry = await tryOut(event, { 'idempotency-key': 'k1' });
  expect(countRows()).toEqual(before);
  expect(dry).toMatchObject({
    dryRun: true,
    deliveries: [{ recipient: 'ana@contoso.com' }],
    unresolved: [],
    card: { summary: expect.stringContaining('Deploy finished'), bytes: 2 * dry.card.units, maxUnits: 14_336 },
    warnings: [],
    estimate: { recipients: 1, seconds: 1, queuedBefore: 0 },
  });
  expect(dry).not.toHaveProperty('shortened');
  const posted = service.sandbox.waitFor(
    (one) => one.kind === 'message' && JSON.stringify(one.message.activity).includes('Deploy finished'),
    { timeoutMs: 10_000 },
  );
  const real = await service.post(event, { 'idempotency-key': 'k1' });
  expect([real.status, real.headers.has('idempotency-replayed')]).toEqual([202, false]);
  const message = await posted;
  const activity = message.kind === 'message' ? message.message.activity : {};
  expect(JSON.stringify(dry.card.content)).toMatch(ZONED_TIME);
  expect(JSON.stringify(activity)).toMatch(ZONED_TIME);
  const { id } = (await real.json()) as { id: string };
  const content = JSON.parse(JSON.stringify(dry.card.content).replaceAll('ntf_00000000000000000000000000', id));
  const tried = { summary: dry.card.summary, attachments: [{ content }] };
  expect(withoutTime(activity)).toMatchObject(withoutTime(tried));
  expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Deploy finished'))).toHaveLength(1);
});

test('its preview holds the card behind the #, where no server sees it', async () => {
  const { preview, card } = await tryOut({ to: 'ana@contoso.com', title: 'Héllo 漢字 😀' });
  const [address, fragment = ''] = preview.split('#');
  expect(address).toBe('https://bellhop.example/preview');
  expect(fragment).toMatch(/^[\w-]+$/);
  const shown = JSON.parse(inflateRawSync(Buffer.from(fragment, 'base64url')).toString());
  expect(shown).toEqual({ summary: card.summary, card: card.content });
});

test('nobody being reached is no error, and everybody has a reason', async () => {
  const dry = await tryOut({
    to: ['zoe@contoso.com', 'ana@contoso.com', 'ANA@contoso.com', 'zoe@contoso.com'],
    title: 'x',
  });
  expect(dry.unresolved).toMatchObject([{ recipient: 'zoe@contoso.com', reason: 'unknown' }]);
  expect(dry.warnings).toMatchObject([
    { code: 'not_reached', pointer: '/to/0' },
    { code: 'named_twice', pointer: '/to/2' },
    { code: 'not_reached', pointer: '/to/3' },
    { code: 'no_link' },
  ]);
  const { warnings, deliveries } = await tryOut({ to: 'zoe@contoso.com', title: 'x' });
  expect(deliveries).toEqual([]);
  expect(warnings.slice(0, 2)).toMatchObject([
    { code: 'nobody_reached', pointer: '/to' },
    { code: 'not_reached', pointer: '/to' },
  ]);
});

test('everyone is counted, with the right to reach them', async () => {
  expect(await tryOut({ to: 'everyone', title: 'x' })).toMatchObject({
    deliveries: [{ recipient: 'everyone' }],
    estimate: { recipients: 1 },
  });
  const authorization = `Bearer ${await service.createKey({ scopes: ['send'] })}`;
  expect((await tryOut({ to: 'everyone', title: 'x' }, { authorization })).unresolved).toMatchObject([
    { reason: 'not_allowed' },
  ]);
});

test('what does not fit is told, and so is a long title', async () => {
  const dry = await tryOut({ to: 'ana@contoso.com', title: 'T'.repeat(101), text: 'x'.repeat(16_000) });
  expect(dry.shortened?.characters).toBeGreaterThan(1_000);
  expect(dry.card.units).toBeLessThanOrEqual(14_336);
  expect(dry.warnings).toMatchObject([{ code: 'long_title', pointer: '/title' }, { code: 'no_link' }]);
});

test('a notification of a thing is told what would become of its message', async () => {
  const event = { to: 'ana@contoso.com', title: 'Disk full', key: 'disk/db1' };
  expect(await tryOut(event)).toMatchObject({ lifecycle: { key: 'disk/db1', state: 'open', effect: 'post' } });
  expect((await service.post({ ...event, occurredAt: '2026-01-02T00:00:00Z' })).status).toBe(202);
  const resolved = await tryOut({ ...event, state: 'resolved' });
  expect(resolved).toMatchObject({ lifecycle: { effect: 'edit' }, card: { summary: '✅ Resolved: Disk full' } });
  const { warnings } = await tryOut({ ...event, occurredAt: '2026-01-01T00:00:00Z' });
  expect(warnings).toMatchObject([{ code: 'outdated', pointer: '/occurredAt' }, { code: 'no_link' }]);
});

test("a card of the producer's own making is tried too, with its scope", async () => {
  const card = { type: 'AdaptiveCard', version: '1.2', body: [{ type: 'Image', url: 'https://cdn.example/a.png' }] };
  const json = { to: 'ana@contoso.com', summary: 's', card };
  expect((await request(json)).status).toBe(403);
  const authorization = `Bearer ${await service.createKey({ scopes: ['send', 'cards'] })}`;
  const dry = await tryOut(json, { authorization });
  expect(dry.card.content).toEqual({ ...card, body: [...card.body, expect.anything()] });
  expect(dry.warnings.map(({ code }) => code)).toEqual(['no_fallback_text', 'no_alt_text', 'no_link']);
});

test('it needs a key and a right notification, as the real one does', async () => {
  const event = { to: 'ana@contoso.com', title: 'x' };
  expect((await request(event, 'dry_run=true', { authorization: 'Bearer no' })).status).toBe(401);
  const { status, text } = await request({ ...event, titel: 'x' });
  expect([status, JSON.parse(text)]).toMatchObject([400, { faults: [{ pointer: '/titel' }] }]);
});

test.each(['dry_run=yes', 'dry_run', 'dry_run=true&dry_run=true', 'dry_run=true&wet=1', 'dryrun=true', ''])(
  'the query %j is refused',
  async (query) => {
    const { status } = await request({ to: 'ana@contoso.com', title: 'Refused' }, query);
    expect(status).toBe(400);
    expect(messagesOf(service.sandbox, 'ana').join()).not.toContain('Refused');
  },
);
