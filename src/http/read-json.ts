// The JSON that comes with a request.

import type { Exchange } from './exchange.ts';
import { parseJson } from './parse-json.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead } from './request-head.ts';

/** @throws AppError for a body that is missing, too large or not JSON */
export async function readJson(exchange: Exchange, maxBodyBytes: number): Promise<unknown> {
  checkJsonHead(exchange.request, maxBodyBytes);
  return parseJson(await readBody(exchange, maxBodyBytes));
}

/** A request without a body means an empty object. */
export async function readOptionalJson(exchange: Exchange, maxBodyBytes: number): Promise<unknown> {
  const { headers } = exchange.request;
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) {
    return {};
  }
  return readJson(exchange, maxBodyBytes);
}
