// One connection beside the pool, for a piece of work at the start or from the command line.

import pg from 'pg';
import { clientConfig } from './connections.ts';

/** Which database, and how long an answer may take. */
export interface SingleConnectionOptions {
  readonly url: string;
  /** Milliseconds; the pool's when absent, 0 for as long as it takes. */
  readonly answerTimeoutMs?: number;
}

/** Opens a connection, gives it to `work` and closes it, whatever happens. @throws what the driver or `work` throws */
export async function withConnection<T>(
  { url, answerTimeoutMs }: SingleConnectionOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...clientConfig(url),
    ...(answerTimeoutMs !== undefined && { query_timeout: answerTimeoutMs }),
  });
  // A connection that breaks is told of by the statement under way.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
