// Brings a database to the schema that this program knows, one step at a time and never backwards.

import { AppError } from '../domain/errors.ts';

/** Runs whole inside one transaction; ids grow from 1. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * @param appliedIds what the database has, in any order
 * @returns the steps still to run, oldest first
 * @throws AppError `store_newer_schema` when the database has steps that this program does not know
 */
export function pendingMigrations(known: readonly Migration[], appliedIds: readonly number[]): readonly Migration[] {
  const newest = known.at(-1)?.id ?? 0;
  const unknown = appliedIds.filter((id) => id > newest);
  if (unknown.length > 0) {
    throw new AppError(
      'store_newer_schema',
      `Expected a database at schema ${newest} or older, found ${Math.max(...unknown)}: a newer Bellhop has used it. Start that version, or restore a backup from before the upgrade`,
    );
  }
  return known.filter((migration) => !appliedIds.includes(migration.id));
}
