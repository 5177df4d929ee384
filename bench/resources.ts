// What a benchmark opens, so that nothing of it stays, whatever happens.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../src/domain/errors.ts';

type Release = () => unknown;

const MEMORY_FOLDER = '/dev/shm';

/** Folders, servers and processes of one benchmark; the last one opened is released first. */
export class Resources {
  readonly #releases: Release[] = [];

  /** @param release is awaited */
  defer(release: Release): void {
    this.#releases.push(release);
  }

  /** A new folder, removed in the end. */
  folder(): string {
    return this.#folderIn(tmpdir());
  }

  /** The same without a disk under it, where the system has such a place. */
  memoryFolder(): string {
    return this.#folderIn(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir());
  }

  /** Idempotent. @throws AppError `internal` when something stays; the rest is released all the same */
  async release(): Promise<void> {
    let failure: unknown;
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        failure = error;
      }
    }
    if (failure !== undefined) {
      throw new AppError('internal', 'Something that a benchmark opened could not be released', { cause: failure });
    }
  }

  #folderIn(parent: string): string {
    const path = mkdtempSync(join(parent, 'bellhop-bench-'));
    this.defer(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }
}
