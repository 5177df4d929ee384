// An answer that is written a part at a time, as fast as the caller takes it.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Answer, SECURITY_HEADERS } from './answer.ts';
import type { Exchange } from './exchange.ts';

/**
 * Breaks the connection when a part cannot be had: what came before must not look like the whole. A caller who hangs up
 * ends it.
 *
 * @throws what the parts throw
 */
export async function writeParts(exchange: Exchange, answer: Answer, parts: AsyncIterable<string>): Promise<void> {
  const { response, requestId } = exchange;
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    'X-Request-Id': requestId,
    ...(answer.contentType !== undefined && { 'Content-Type': answer.contentType }),
    ...answer.headers,
  });
  exchange.status = answer.status;
  try {
    await pipeline(Readable.from(parts), response);
  } catch (error) {
    if (Object(error).code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      throw error;
    }
  }
}
