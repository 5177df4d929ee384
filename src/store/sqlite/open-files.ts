// Whether the files that are open are still those that stand at their paths.

import { statSync } from 'node:fs';

/**
 * Remembers which files a database has. On Unix a file that was removed or replaced stays open and takes every write,
 * and with the last process that has it open all of that is gone.
 *
 * @param file of a database that is open, with its write-ahead log
 * @returns throws an error with the code `DATABASE_FILE_GONE` once one of them was removed or replaced
 */
export function rememberFiles(file: string): () => void {
  const paths = [file, `${file}-wal`];
  const inodes = paths.map(inodeOf);
  return () => {
    if (paths.some((path, index) => inodeOf(path) !== inodes[index])) {
      throw Object.assign(new Error('A file of the database was removed or replaced'), { code: 'DATABASE_FILE_GONE' });
    }
  };
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
