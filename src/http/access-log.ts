// One log line and one count for each request, when its answer is out or its connection is gone.

import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Exchange } from './exchange.ts';

/** Stands for the status when the caller hung up before there was an answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** Neither paths nor queries nor addresses are written down: they can name persons. */
export function recordWhenDone(deps: { logger: Logger; metrics: Metrics; clock: Clock }, exchange: Exchange): void {
  const { request, response, requestId, startedAtMs } = exchange;
  response.once('close', () => {
    const { route, keyId, isProbe, status = CLIENT_CLOSED_REQUEST } = exchange;
    const method = request.method ?? '';
    deps.metrics.httpRequests.inc({ route, method, status: String(status) });
    const durationMs = deps.clock.nowMs() - startedAtMs;
    const fields = { route, method, status, durationMs, requestId, ...(keyId !== undefined && { keyId }) };
    deps.logger[isProbe ? 'debug' : 'info'](fields, 'request answered');
  });
}
