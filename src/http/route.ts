// One entry of what is served: a path, and a function from a request to an answer.

import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Operation } from './operation.ts';

/** A path that is served. `handle` may throw AppError. */
export interface Route {
  /** `OPTIONS` is for handshakes, which answer whoever may not have one as if there were none; no `Allow` names it. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** A pattern; the name of the route in logs and metrics. */
  readonly path: string;
  readonly isProbe: boolean;
  /** What the API's document says of it; undefined for what is no part of the API. */
  readonly operation: Operation | undefined;
  handle(exchange: Exchange, parameters: Readonly<Record<string, string>>): Promise<Answer>;
}
