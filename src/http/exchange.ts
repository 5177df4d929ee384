// One request and its answer, as the routes see them.

import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Ours; what a caller sends under this name is not trusted. */
  readonly requestId: string;
  readonly startedAtMs: number;
  /** Whom the request comes from, proxies we know looked through. */
  readonly clientAddress: string | undefined;
  /** Behind the `?`, not decoded; undefined when there is no `?`. */
  readonly query: string | undefined;
  /** The pattern of the route that took the request, for logs and metrics; never the path itself. */
  route: string;
  /** The status of the answer, once it is written. restify overwrites that of the response when a caller hangs up. */
  status?: number;
  /** The key that was used, or the hook, as soon as it is known; for the log. */
  keyId?: string;
  /** Requests of machines that look after us: logged at debug level only. */
  isProbe: boolean;
}
