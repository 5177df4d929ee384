// Queries that are put together once: kysely's builder and compiler take several times as long as the database does.

import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import { AppError } from '../domain/errors.ts';
import type { Schema } from './schema.ts';

/** Stands in a compiled query where a value of the input goes. */
class Place<Input> {
  readonly read: (input: Input) => unknown;

  constructor(read: (input: Input) => unknown) {
    this.read = read;
  }
}

/** What a query is built with in the place of values. */
export type Places<Input> = <Name extends keyof Input & string>(name: Name) => RawBuilder<Input[Name]>;

/**
 * A query that is built and compiled at its first use, and from then on only given its values: what it is made of must
 * not depend on them. Where SQLite chooses a partial index, the value that the index asks for has to be a literal; a
 * parameter would have the statement compiled anew at every run.
 */
export function prepared<Input extends object, Row>(
  db: Kysely<Schema>,
  build: (place: Places<Input>) => { compile(): CompiledQuery<Row> },
): (input: Input) => Promise<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined;
  return async (input) => {
    compiled ??= build((name) => sql`${new Place<Input>((values) => values[name])}`).compile();
    const parameters = compiled.parameters.map((one) => (one instanceof Place ? one.read(input) : one));
    return (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
}

/** The row of a query that always gives one. */
export function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) {
    throw new AppError('internal', 'Expected the database to have the row');
  }
  return row;
}
