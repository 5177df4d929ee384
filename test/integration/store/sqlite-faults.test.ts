// What becomes of the store when its files are taken away, damaged, torn or closed to it.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

const PAGE = 4_096;

let folder: TemporaryFolder;
let path: string;
const stores: Store[] = [];

const open = (at = path) => {
  const store = openSqliteStore({ path: at, isServer: true, lockWaitMs: 60 });
  stores.push(store);
  return store;
};

const add = (store: Store, name: string) => store.write((tx) => tx.producers.insert(name, null, 0));

const namesIn = async (store: Store) => (await store.read.producers.list()).map(({ name }) => name);

beforeEach(() => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'bellhop.db');
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  folder.remove();
});

describe('a database whose file is taken away under the running service', () => {
  const GONE = {
    code: 'store_unavailable',
    retryAfterMs: expect.any(Number),
    cause: expect.objectContaining({ code: 'DATABASE_FILE_GONE' }),
  };

  test.each(['', '-wal'])(
    'takes no more writes (bellhop.db%s), is not ready, and goes on once it is back',
    async (end) => {
      const store = open();
      await add(store, 'before');
      renameSync(`${path}${end}`, `${path}.away`);
      await expect(add(store, 'lost')).rejects.toMatchObject(GONE);
      expect(await store.isWritable()).toBe(false);
      renameSync(`${path}.away`, `${path}${end}`);
      expect(await store.isWritable()).toBe(true);
      await add(store, 'after');
      await store.close();
      expect(await namesIn(open())).toEqual(['after', 'before']);
    },
  );

  test('takes no more writes when another one stands in its place', async () => {
    const other = join(folder.path, 'other.db');
    await open(other).close();
    const store = open();
    await add(store, 'before');
    renameSync(other, path);
    await expect(add(store, 'lost')).rejects.toMatchObject(GONE);
  });
});

describe('a database that is damaged', () => {
  /** Large enough to have pages in the middle. */
  const fill = async () => {
    const store = open();
    await store.write(async (tx) => {
      for (let index = 0; index < 3_000; index++) {
        await tx.producers.insert(`a producer with a name of some length ${index}`, null, 0);
      }
    });
    await store.close();
  };

  const overwrite = (bytes: Buffer, at: number) => {
    const file = openSync(path, 'r+');
    writeSync(file, bytes, 0, bytes.length, at);
    closeSync(file);
  };
  const middle = () => Math.floor(statSync(path).size / PAGE / 2) * PAGE;

  test.each<[string, () => void]>([
    ['cut off in the middle', () => truncateSync(path, middle())],
    ['cut off inside a page', () => truncateSync(path, middle() + 100)],
    ['with a page of zeros', () => overwrite(Buffer.alloc(PAGE), middle())],
    ['with a page of anything', () => overwrite(Buffer.alloc(PAGE, 0xa5), middle())],
  ])('(%s) is refused at the start, with its name and what to do', async (_name, damage) => {
    await fill();
    damage();
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining(path) }),
    );
    expect(() => open()).toThrow(/Restore a backup/);
  });

  test('by a torn write-ahead log starts with everything that came before the tear', async () => {
    const store = open();
    await add(store, 'before');
    const copy = join(folder.path, 'copy.db');
    const wholeBytes = statSync(`${path}-wal`).size;
    await add(store, 'torn');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    truncateSync(`${copy}-wal`, wholeBytes + 100);
    expect(await namesIn(open(copy))).toEqual(['before']);
  });
});

describe('a database that may not be written', () => {
  const openWithoutRights = (): unknown => {
    const script = fileURLToPath(new URL('read-only.ts', import.meta.url));
    return JSON.parse(execFileSync(process.execPath, [script, path], { encoding: 'utf8' }));
  };
  const refusal = {
    code: 'store_unavailable',
    message: expect.stringMatching(/^The database file .* cannot be used .* Check .* this user may write it/),
  };

  afterEach(() => chmodSync(folder.path, 0o700));

  test('because its folder is read-only is refused at the start', async () => {
    await open().close();
    chmodSync(path, 0o444);
    chmodSync(folder.path, 0o555);
    expect(openWithoutRights()).toEqual(refusal);
  });

  test('because the file alone is read-only is refused at the start', async () => {
    await open().close();
    rmSync(`${path}-server-lock`);
    chmodSync(path, 0o444);
    chmodSync(folder.path, 0o777);
    expect(openWithoutRights()).toEqual(refusal);
  });
});
