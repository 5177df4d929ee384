// A process of its own that may read a database and not write it: rights mean nothing to root, so it gives root up.
// Prints the refusal as one JSON object.

import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';

const NOBODY = 65_534;
const [path = ''] = process.argv.slice(2);

if (process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

function open(): unknown {
  try {
    openSqliteStore({ path, isServer: true });
    return 'no refusal';
  } catch (error) {
    const { code, message }: { code?: unknown; message?: unknown } = Object(error);
    return { code, message };
  }
}

process.stdout.write(JSON.stringify(open()));
