// Signing keys over real HTTP: how often they are fetched, and what happens when they cannot be.

import { createSigningKeys } from '../../../src/teams/signing-keys.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { collectLogLines } from '../../unit/teams/inbound/log-lines.ts';
import { Signer } from '../../unit/teams/inbound/signer.ts';
import { KeyServer } from './key-server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const oldSigner = new Signer(new ManualClock(), 'old');
const newSigner = new Signer(new ManualClock(), 'new');

async function createFixture() {
  const clock = new ManualClock();
  const server = await KeyServer.start();
  server.keys = [oldSigner.entry];
  const { lines, logger } = collectLogLines('warn');
  const keys = createSigningKeys({ clock, logger }, { openIdMetadataUrl: server.metadataUrl });
  return { clock, server, lines, keys };
}

let fixture: Awaited<ReturnType<typeof createFixture>>;

beforeEach(async () => {
  fixture = await createFixture();
});

afterEach(async () => {
  await fixture.keys.stop();
  await fixture.server.stop();
  expect(fixture.clock.pendingTimers).toBe(0);
});

/** Moves time on, and waits for the fetch that became due, or for the one that an unknown id asks for. */
async function advance(ms: number) {
  fixture.clock.advance(ms);
  await fixture.keys.find('nobody');
}

test('start fetches the keys, and later look-ups need no network', async () => {
  const { keys, server } = fixture;
  expect(keys.ageMs()).toBe(Infinity);
  await keys.start();
  expect(await keys.find('old')).toEqual(oldSigner.key);
  expect(server.requests).toEqual(['/openid', '/keys']);
  expect(keys.ageMs()).toBe(0);
});

test('fifty look-ups at once, with nothing at hand, make two requests', async () => {
  const { keys, server } = fixture;
  const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('old')));
  expect(found.every((key) => key?.jwk.n === oldSigner.key.jwk.n)).toBe(true);
  expect(server.requests).toHaveLength(2);
});

test('keys are fetched again every 24 hours', async () => {
  const { keys, server } = fixture;
  await keys.start();
  server.keys = [newSigner.entry];
  const asked = server.nextRequest();
  fixture.clock.advance(24 * HOUR_MS - 1);
  expect(server.requests).toHaveLength(2);
  fixture.clock.advance(1);
  await asked;
  await advance(0);
  expect(server.requests).toHaveLength(4);
  expect(await keys.find('new')).toEqual(newSigner.key);
  expect(await keys.find('old')).toBeUndefined();
});

test('a new key works within five minutes, and unknown ids lead to one fetch in that time', async () => {
  const { keys, server, clock } = fixture;
  await keys.start();
  server.keys = [oldSigner.entry, newSigner.entry];
  clock.advance(5 * MINUTE_MS - 1);
  for (let index = 0; index < 100; index += 1) {
    expect(await keys.find(index === 0 ? 'new' : `invented-${index}`)).toBeUndefined();
  }
  expect(server.requests).toHaveLength(2);
  clock.advance(1);
  expect(await keys.find('new')).toEqual(newSigner.key);
  expect(await keys.find('invented')).toBeUndefined();
  expect(server.requests).toHaveLength(4);
});

test('old keys stay good while fetching fails, for five days, and fetching goes on', async () => {
  const { keys, server, lines } = fixture;
  await keys.start();
  server.fault = { status: 503 };
  await advance(24 * HOUR_MS);
  expect(lines.join()).toContain('status_503');
  for (let hour = 24; hour < 120; hour += 1) {
    await advance(HOUR_MS);
    expect(await keys.find('old')).toEqual(oldSigner.key);
  }
  expect(lines.length).toBeGreaterThanOrEqual(96);
  await advance(1);
  expect(await keys.find('old')).toBeUndefined();

  server.fault = undefined;
  await advance(30_000);
  expect(await keys.find('old')).toEqual(oldSigner.key);
  expect(keys.ageMs()).toBe(0);
});

test('a start without the network ends quietly and is made up for after 30 seconds', async () => {
  const { keys, server } = fixture;
  server.fault = { status: 500 };
  await keys.start();
  expect(await keys.find('old')).toBeUndefined();
  expect(server.requests).toHaveLength(1);
  server.fault = undefined;
  await advance(30_000);
  expect(await keys.find('old')).toEqual(oldSigner.key);
});

test('a server that does not answer is given up after five seconds', async () => {
  const { keys, server, clock, lines } = fixture;
  server.fault = 'hang';
  const asked = server.nextRequest();
  const found = keys.find('old');
  await asked;
  clock.advance(5_000);
  expect(await found).toBeUndefined();
  expect(lines.join()).toContain('timed_out');
});

test('stop gives up a fetch under way, without a word, and ends all fetching', async () => {
  const { keys, server, lines } = fixture;
  server.fault = 'hang';
  const asked = server.nextRequest();
  const started = keys.start();
  await asked;
  await keys.stop();
  await started;
  await advance(48 * HOUR_MS);
  expect(server.requests).toHaveLength(1);
  expect(lines).toEqual([]);
});

describe('keys at hand outlive an answer that', () => {
  test.each([
    ['is no JSON', { status: 200, body: '<html>' }],
    ['is of another shape', { status: 200, body: '[]' }],
    ['leads elsewhere', { status: 302, location: '/moved' }],
  ])('%s', async (_name, fault) => {
    const { keys, server, lines } = fixture;
    await keys.start();
    server.fault = fault;
    await advance(24 * HOUR_MS);
    expect(server.requests).toHaveLength(3);
    expect(lines).toHaveLength(1);
    expect(await keys.find('old')).toEqual(oldSigner.key);
  });

  test.each([
    ['holds no key', []],
    ['holds keys of other kinds only', [{ kty: 'EC', kid: 'ec' }, { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, null]],
  ])('%s', async (_name, entries) => {
    const { keys, server, lines } = fixture;
    await keys.start();
    server.keys = entries as typeof server.keys;
    await advance(24 * HOUR_MS);
    expect(lines.join()).toContain('no_usable_key');
    expect(await keys.find('old')).toEqual(oldSigner.key);
  });

  test('is larger than a megabyte', async () => {
    const { keys, server, lines } = fixture;
    await keys.start();
    server.keys = [{ ...newSigner.entry, x5c: ['x'.repeat(1_100_000)] }];
    await advance(24 * HOUR_MS);
    expect(lines.join()).toContain('too_large');
    expect(await keys.find('old')).toEqual(oldSigner.key);
  });

  test('points to keys over another protocol', async () => {
    const { keys, server, lines } = fixture;
    await keys.start();
    server.keysUrl = 'ftp://127.0.0.1/keys';
    await advance(24 * HOUR_MS);
    expect(lines.join()).toContain('metadata_invalid');
    expect(await keys.find('old')).toEqual(oldSigner.key);
  });
});
