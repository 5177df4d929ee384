// A process of its own that fills its disk: the limit on the size of its files must not hit anybody else.
// Prints what happened as one JSON object.

import { execFileSync } from 'node:child_process';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const [path = ''] = process.argv.slice(2);
const store = openSqliteStore({ path, isServer: true });

/** From here on the system refuses to let this process's files grow beyond the limit, as a full disk would. */
const limitFileSize = (bytes: number | 'unlimited') =>
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`]);

const fill = () =>
  store.write(async (tx) => {
    for (let index = 0; index < 5_000; index++) {
      await tx.producers.insert(`a producer whose name takes room ${index}`, null, 0);
    }
  });

await store.write((tx) => tx.producers.insert('before', null, 0));
limitFileSize(200_000);
const refusal = await fill().then(
  () => 'no refusal',
  (error: { code?: string }) => error.code,
);
limitFileSize('unlimited');
await store.write((tx) => tx.producers.insert('after', null, 0));
const names = (await store.read.producers.list()).map((producer) => producer.name);
await store.close();
process.stdout.write(JSON.stringify({ refusal, names }));
