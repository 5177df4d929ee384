// The upkeep of hooks on a real store: their secrets come under the present key, and the one before can go.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSealer, keyIdOf, parseSealingKey, type SealingKey } from '../../../src/domain/seal.ts';
import { HookMaintenance } from '../../../src/hooks/hook-maintenance.ts';
import { createHookSchemas } from '../../../src/hooks/hook-requests.ts';
import { readSecrets } from '../../../src/hooks/hook-secrets.ts';
import { createHookManagement } from '../../../src/hooks/manage-hooks.ts';
import { DIALECT_NAMES } from '../../../src/sources/dialect-names.ts';
import { DIALECTS } from '../../../src/sources/dialects.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { hmacOf, makeHook, postTo } from '../../support/hooks.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startService } from '../../support/running-service.ts';
import { addProducer } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';
import { eventually, settled } from '../../support/waiting.ts';
import { newSealingKey } from '../../support/webhook-fixture.ts';

const PING = '{"zen":"Design for failure.","hook_id":1}';
const before = newSealingKey();
const present = newSealingKey();

let folder: TemporaryFolder;
let store: Store;
let clock: ManualClock;
let log: string[];
let producerId: number;
let running: HookMaintenance[];

beforeEach(async () => {
  folder = createTemporaryFolder();
  store = openSqliteStore({ path: join(folder.path, 'bellhop.db'), isServer: true });
  clock = new ManualClock();
  log = [];
  running = [];
  producerId = await addProducer(store);
});

afterEach(async () => {
  await Promise.all(running.map((maintenance) => maintenance.stop()));
  await store.close();
  folder.remove();
});

const sealerOf = (...keys: readonly SealingKey[]) => createSealer({ randomBytes }, keys);
const owner = () => ({
  producerId,
  canSend: true,
  canBroadcast: true,
  canSendCards: true,
  canPassQuiet: true,
  recipients: [],
});
const manage = (key = before) =>
  createHookManagement({
    ...{ store, clock, randomBytes, sealer: sealerOf(key), dialects: DIALECTS, publicUrl: undefined },
    schemas: createHookSchemas(DIALECT_NAMES),
  });
const add = (wish: object) =>
  manage().addHook({ owner: owner(), json: { name: 'hook', to: ['ana@contoso.com'], ...wish } });
const rotate = (id: string, key = before) => manage(key).rotateHook({ owner: owner(), id, json: {} });

const start = (keys = [present, before], on = store) => {
  const logger = createLogger('info', { write: (line) => log.push(line) });
  const maintenance = new HookMaintenance({ store: on, clock, logger, sealer: sealerOf(...keys) });
  running.push(maintenance);
  maintenance.start();
};
const find = async (id: string) => {
  const hook = await store.read.hooks.find(id);
  if (!hook) {
    throw new Error(`no hook ${id}`);
  }
  return hook;
};
const keysOf = async (id: string) => {
  const { secret, previousSecret } = await find(id);
  return [secret, previousSecret].map((sealed) => sealed && keyIdOf(sealed));
};
const untilPresent = (id: string) =>
  eventually(async () => (await keysOf(id)).every((key) => key === present.id), 'both secrets are sealed anew');

test('both secrets of a hook that signs come under the present key, and are what they were', async () => {
  const { id, secret } = await add({ source: 'github' });
  const rotated = await rotate(id);
  start();
  await untilPresent(id);
  expect(readSecrets(sealerOf(present), await find(id), clock.nowMs())).toEqual([rotated.secret, secret]);
});

test('what is only recognised, sealed already or not to be opened stays as it is', async () => {
  const token = await add({ name: 'token', source: 'alertmanager' });
  const key = await add({ name: 'key', source: 'alertmanager', auth: 'key' });
  const sealed = await add({ name: 'sealed', source: 'github' });
  const rows = async () => Promise.all([token, key, sealed].map(({ id }) => find(id)));
  const rowsBefore = await rows();
  start([before, present]);
  start([present]);
  start([]);
  await settled();
  expect(await rows()).toEqual(rowsBefore);
  expect(log).toEqual([]);
});

test('a hook that is made later, by a process with the key before, has its turn within the hour', async () => {
  start();
  await settled();
  const { id } = await add({ source: 'github' });
  await rotate(id);
  await settled();
  expect(await keysOf(id)).toEqual([before.id, before.id]);
  clock.advance(3_600_000);
  await untilPresent(id);
});

test('a secret that is exchanged at that moment is not overwritten by the one before', async () => {
  const { id, secret } = await add({ source: 'github' });
  let rotated: { readonly secret: string | null } | undefined;
  const late = storeWithWrite(store, async (work) => {
    rotated ??= await rotate(id);
    return store.write(work);
  });
  start([present, before], late);
  await untilPresent(id);
  expect(readSecrets(sealerOf(present), await find(id), clock.nowMs())).toEqual([rotated?.secret, secret]);
});

test('a failure is told in the log, and is over within the hour', async () => {
  const { id } = await add({ source: 'github' });
  await rotate(id);
  let isBroken = true;
  const broken = storeWithWrite(store, (work) => (isBroken ? Promise.reject(new Error('disk')) : store.write(work)));
  start([present, before], broken);
  await eventually(() => log.some((line) => line.includes('the upkeep of hooks failed')), 'the failure is told');
  isBroken = false;
  clock.advance(3_600_000);
  await untilPresent(id);
});

test('the service does so by itself: after the exchange of its key, senders are known without the one before', async () => {
  const [old, young] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const service = await startService({ env: { ENCRYPTION_KEY: old } });
  try {
    const { url, id, secret } = await makeHook(service, { source: 'github' });
    const sealedBy = () => {
      const db = new DatabaseSync(service.databasePath, { readOnly: true });
      const row = db.prepare('SELECT secret FROM hook WHERE public_id = ?').get(id);
      db.close();
      return keyIdOf(String(row?.['secret']));
    };
    await service.restart({ env: { ENCRYPTION_KEY: young, ENCRYPTION_KEY_PREVIOUS: old } });
    await until(
      async () => sealedBy(),
      (key) => key === parseSealingKey(young)?.id,
    );
    await service.restart({ env: { ENCRYPTION_KEY: young, ENCRYPTION_KEY_PREVIOUS: '' } });
    const path = new URL(url).pathname;
    const headers = { 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${hmacOf(secret, PING)}` };
    expect((await postTo(`${service.url}${path}`, PING, headers)).status).toBe(200);
  } finally {
    await service.stop();
  }
});
