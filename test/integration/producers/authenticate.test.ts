// Who gets in with an API key.

import { jest } from '@jest/globals';
import { listKeys, revokeKey, setProducerDisabled } from '../../../src/producers/administer.ts';
import { createApiKey } from '../../../src/producers/api-key.ts';
import { createAuthenticate } from '../../../src/producers/authenticate.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { openProducers, type Producers } from './producers-fixture.ts';

const MINUTE_MS = 60_000;

let producers: Producers;
let key: { keyId: string; text: string };

beforeEach(async () => {
  producers = openProducers();
  await producers.addProducer('ci');
  key = await producers.addKey();
});

afterEach(() => producers.close());

const lastUsedAtMs = async () => (await listKeys(producers.deps))[0]?.lastUsedAtMs;

describe('a valid key', () => {
  test('gives its producer and what it may do', async () => {
    const text = (await producers.addKey({ scopes: ['send'], recipients: ['ana@contoso.com', '*@fabrikam.com'] })).text;
    expect(await producers.present(text)).toEqual({
      keyId: text.slice(4, 16),
      producerId: expect.any(Number),
      producerName: 'ci',
      scopes: ['send'],
      recipients: ['ana@contoso.com', '*@fabrikam.com'],
    });
  });

  test.each([['Bearer'], ['bearer'], ['BEARER '], ['Bearer  ']])('may come as %j', async (scheme) => {
    expect(await producers.authenticate(`${scheme} ${key.text}`)).toMatchObject({ keyId: key.keyId });
  });

  test('of a producer that is bound to a tenant carries the tenant', async () => {
    await producers.addProducer('bound', TENANT);
    const { text } = await producers.addKey({ producer: 'bound' });
    expect(await producers.present(text)).toMatchObject({ producerName: 'bound', tenantId: TENANT });
    expect(await producers.present(key.text)).not.toHaveProperty('tenantId');
  });

  test('loses scopes that are not known any more', async () => {
    producers.runSql(`UPDATE api_key SET scopes = '["send","rule-the-world"]'`);
    expect(await producers.present(key.text)).toMatchObject({ scopes: ['send'] });
  });
});

describe('refused without a word about why', () => {
  test('is a caller without a key of our form', async () => {
    const headers = [undefined, '', 'Bearer', 'Bearer ', key.text, `Basic ${key.text}`, `Bearer ${key.text} x`];
    for (const header of [...headers, `Bearer,${key.text}`, `Bearer ${key.text.slice(0, -1)}`]) {
      expect(await producers.authenticate(header)).toBeUndefined();
    }
  });

  test('is an unknown key', async () => {
    expect(await producers.present(createApiKey(producers.deps.randomBytes).text)).toBeUndefined();
  });

  test('is a key with the id of one and the secret of another', async () => {
    const counted = (size: number) => new Uint8Array(size).fill(7);
    const forged = createApiKey(counted);
    producers.runSql(`UPDATE api_key SET id = '${forged.keyId}'`);
    expect(await producers.present(forged.text)).toBeUndefined();
  });

  test('is a revoked key, from the next request on', async () => {
    expect(await producers.present(key.text)).toBeDefined();
    await revokeKey(producers.deps, key.keyId);
    expect(await producers.present(key.text)).toBeUndefined();
  });

  test('is an expired key, from the very millisecond', async () => {
    const expiresAtMs = producers.clock.nowMs() + MINUTE_MS;
    const { text } = await producers.addKey({ expiresAtMs });
    producers.clock.advance(MINUTE_MS - 1);
    expect(await producers.present(text)).toBeDefined();
    producers.clock.advance(1);
    expect(await producers.present(text)).toBeUndefined();
  });

  test('is every key of a disabled producer, from the next request on', async () => {
    const other = await producers.addKey();
    await setProducerDisabled(producers.deps, 'ci', true);
    expect(await producers.present(key.text)).toBeUndefined();
    expect(await producers.present(other.text)).toBeUndefined();
    await setProducerDisabled(producers.deps, 'ci', false);
    expect(await producers.present(key.text)).toMatchObject({ keyId: key.keyId });
  });
});

test('two keys of a producer overlap, so that one takes the place of the other without a gap', async () => {
  const next = await producers.addKey();
  expect(await producers.present(key.text)).toMatchObject({ producerName: 'ci' });
  expect(await producers.present(next.text)).toMatchObject({ producerName: 'ci' });
  await revokeKey(producers.deps, key.keyId);
  expect(await producers.present(key.text)).toBeUndefined();
  expect(await producers.present(next.text)).toMatchObject({ producerName: 'ci' });
});

describe('the last use of a key', () => {
  test('is noted at most once a minute', async () => {
    const write = jest.spyOn(producers.store, 'write');
    const startMs = producers.clock.nowMs();
    for (let request = 0; request < 60; request++) {
      await producers.present(key.text);
      producers.clock.advance(1_000);
    }
    expect(write).toHaveBeenCalledTimes(1);
    await write.mock.results[0]?.value;
    expect(await lastUsedAtMs()).toBe(startMs);
    await producers.present(key.text);
    await write.mock.results[1]?.value;
    expect(await lastUsedAtMs()).toBe(startMs + MINUTE_MS);
  });

  test('is noted for each key by itself', async () => {
    const other = await producers.addKey();
    const write = jest.spyOn(producers.store, 'write');
    await producers.present(key.text);
    await producers.present(other.text);
    expect(write).toHaveBeenCalledTimes(2);
  });

  test('is not noted for a refused request', async () => {
    await revokeKey(producers.deps, key.keyId);
    const write = jest.spyOn(producers.store, 'write');
    await producers.present(key.text);
    expect(write).not.toHaveBeenCalled();
  });

  test('that cannot be noted refuses nobody, and says so in the log', async () => {
    jest.spyOn(producers.store, 'write').mockRejectedValue(new Error('disk full'));
    const warned = Promise.withResolvers<unknown>();
    const logger = { ...silentLogger, warn: warned.resolve };
    const authenticate = createAuthenticate({ store: producers.store, clock: producers.clock, logger });
    expect(await authenticate(`Bearer ${key.text}`)).toMatchObject({ keyId: key.keyId });
    expect(await warned.promise).toEqual({ keyId: key.keyId });
  });
});
