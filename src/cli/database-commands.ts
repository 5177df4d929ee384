// The commands for the database as a whole: moving from a SQLite file to PostgreSQL.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../domain/errors.ts';
import { copyDatabase } from '../store/copy-database.ts';

/** What the commands work with. */
export interface DatabaseCommandTools {
  /** The database that the settings name. @throws AppError `config_invalid` */
  databaseUrl(): string;
  print(text: string): void;
}

/** Adds them below `command`. */
export function addDatabaseCommands(command: Command, tools: DatabaseCommandTools): void {
  command
    .command('copy')
    .description('copy everything from a SQLite file to an empty PostgreSQL database; stop the service first')
    .requiredOption('--from <file>', 'the SQLite file, as a path or as sqlite:<path>')
    .option('--to <url>', 'postgres://...; DATABASE_URL of the settings by default')
    .action((options: { readonly from: string; readonly to?: string }) => copy(tools, options));
}

async function copy(
  { databaseUrl, print }: DatabaseCommandTools,
  { from, to }: { readonly from: string; readonly to?: string },
): Promise<void> {
  const route = { sqlitePath: parseSource(from), postgresUrl: parseTarget(to ?? databaseUrl()) };
  let total = 0;
  await copyDatabase(route, ({ table, rows }) => {
    total += rows;
    print(`${table.padEnd(16)}${String(rows).padStart(10)}\n`);
  });
  print(
    `Copied ${total} rows. Start the service with DATABASE_URL set to the new database, and then delete the file:\n`,
  );
  print('what it holds of people is erased only in the database that is in use.\n');
}

/** Opening a file that is not there would make an empty one. */
function parseSource(value: string): string {
  const path = value.replace(/^sqlite:/, '');
  if (!existsSync(path)) {
    throw new AppError('not_found', 'Expected --from to name the SQLite file of a Bellhop, found no such file');
  }
  return path;
}

/** Not checked by commander, which would quote it: it may hold a password. */
function parseTarget(value: string): string {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new AppError(
      'invalid_request',
      'Expected --to, or else DATABASE_URL, to be postgres://<user>:<password>@<host>/<database>',
    );
  }
  return value;
}
