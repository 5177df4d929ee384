// The raw bytes of a request, never more of them than allowed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../domain/errors.ts';
import { bodyTooLarge } from './request-head.ts';

const FIRST_CAPACITY = 4_096;

/**
 * Reads the whole body. What it declares about its own length is not trusted: bytes are counted as they come, into one
 * buffer that grows with them, so that neither a great many small pieces nor a big promise costs memory.
 *
 * @throws AppError `payload_too_large` at the first byte too many; `invalid_request` when the body breaks off
 */
export async function readBody(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  maxBytes: number,
): Promise<Buffer> {
  if (request.headers.expect?.toLowerCase() === '100-continue') {
    response.writeContinue();
  }
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(FIRST_CAPACITY, maxBytes));
  let length = 0;
  // Refusing a body must not tear down the connection that the answer goes out on.
  const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  try {
    for await (const chunk of chunks) {
      if (length + chunk.length > maxBytes) {
        throw bodyTooLarge(maxBytes);
      }
      buffer = withRoomFor(buffer, { length, more: chunk.length, maxBytes });
      length += chunk.copy(buffer, length);
    }
  } catch (error) {
    throw error instanceof AppError ? error : brokenOff(error);
  }
  return buffer.subarray(0, length);
}

function brokenOff(cause: unknown): AppError {
  return new AppError('invalid_request', 'The body ended before it was complete.', { cause });
}

function withRoomFor(buffer: Buffer, need: { length: number; more: number; maxBytes: number }): Buffer {
  const required = need.length + need.more;
  if (required <= buffer.length) {
    return buffer;
  }
  const grown = Buffer.allocUnsafe(Math.min(need.maxBytes, Math.max(required, buffer.length * 2)));
  buffer.copy(grown, 0, 0, need.length);
  return grown;
}
