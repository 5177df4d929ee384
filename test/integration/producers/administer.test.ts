// What an operator may do with producers and keys, and what is on disk afterwards.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOT_PRODUCER, ensureBotProducer, listKeys, revokeKey } from '../../../src/producers/administer.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { openProducers, type Producers } from './producers-fixture.ts';

let producers: Producers;

beforeEach(() => {
  producers = openProducers();
});

afterEach(() => producers.close());

describe('a producer', () => {
  test.each(['ci', 'CI 2', 'Überwachung', '監視', 'a.b_c-d', 'x'.repeat(64)])('may be called %j', async (name) => {
    expect(await producers.addProducer(name)).toMatchObject({ name, tenantId: null });
  });

  test.each(['', ' ', ' ci', '-ci', '.', 'a/b', 'a\nb', 'a<b>', '*', 'x'.repeat(65)])(
    'may not be called %j',
    async (name) => {
      await expect(producers.addProducer(name)).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );

  test('has a name of its own', async () => {
    await producers.addProducer('ci');
    await expect(producers.addProducer('ci')).rejects.toMatchObject({ code: 'already_exists' });
  });

  test.each([BOT_PRODUCER, 'bellhop', 'BELLHOP'])('may not take the name of the bot: %s', async (name) => {
    await expect(producers.addProducer(name)).rejects.toMatchObject({ code: 'already_exists' });
  });

  test('may be bound to a tenant, whose id is kept in lower case', async () => {
    const tenantId = TENANT.replace(/1/g, 'A');
    expect(await producers.addProducer('bound', tenantId)).toMatchObject({ tenantId: tenantId.toLowerCase() });
  });

  test.each(['contoso.com', '', '*'])('may not be bound to %j, which is no tenant', async (tenantId) => {
    await expect(producers.addProducer('bound', tenantId)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe("the bot's own producer", () => {
  test('is made once and found again', async () => {
    const id = await ensureBotProducer(producers.deps);
    expect(await ensureBotProducer(producers.deps)).toBe(id);
    expect(await producers.store.read.producers.list()).toHaveLength(1);
  });

  test('gets no key', async () => {
    await ensureBotProducer(producers.deps);
    await expect(producers.addKey({ producer: BOT_PRODUCER })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a key', () => {
  beforeEach(async () => {
    await producers.addProducer('ci');
    await producers.addProducer('billing');
  });

  test('is for a producer that exists', async () => {
    await expect(producers.addKey({ producer: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each(['ana@contoso.com', '*@contoso.com', 'everyone', '29:1abc', 'aad:0f8fad5b-d9cb-469f-a165-70867728950e'])(
    'may be limited to %s',
    async (recipient) => {
      expect(await producers.addKey({ recipients: [recipient] })).toHaveProperty('text');
    },
  );

  test.each(['contoso.com', '*', '*@', '*@a b', '*@a@b', 'aad:ana', ''])(
    'may not be limited to %j, which is nobody',
    async (recipient) => {
      await expect(producers.addKey({ recipients: ['ana@contoso.com', recipient] })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    },
  );

  test('is listed with its producer, and never with its secret', async () => {
    const first = await producers.addKey();
    const second = await producers.addKey({ producer: 'billing' });
    const idsOf = async (name?: string) => (await listKeys(producers.deps, name)).map(({ keyId }) => keyId).sort();
    expect(await idsOf()).toEqual([first.keyId, second.keyId].sort());
    expect(await idsOf('billing')).toEqual([second.keyId]);
    expect(JSON.stringify(await listKeys(producers.deps))).not.toContain(second.text.slice(17, 60));
    await expect(listKeys(producers.deps, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is revoked once', async () => {
    const { keyId } = await producers.addKey();
    await revokeKey(producers.deps, keyId);
    await expect(revokeKey(producers.deps, keyId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(revokeKey(producers.deps, 'unknown')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('leaves only its id and a digest on disk', async () => {
    const { keyId, text } = await producers.addKey();
    await producers.present(text);
    await producers.store.write(async () => undefined);
    const files = readdirSync(producers.folder.path).map((name) => readFileSync(join(producers.folder.path, name)));
    const disk = Buffer.concat(files).toString('latin1');
    expect(disk).toContain(keyId);
    const secret = text.slice(17);
    const pieces = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
    expect(pieces.filter((piece) => disk.includes(piece))).toEqual([]);
  });
});
