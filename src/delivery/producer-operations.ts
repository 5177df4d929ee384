// What a producer may do to its own deliveries: send again, withdraw.

import { parseDurationMs } from '../domain/duration.ts';
import { AppError, type Fault } from '../domain/errors.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import { type CancelDeps, type Cancelled, cancelNotification, cancelOne } from './cancel.ts';
import { type Redelivered, redeliverNotification, redeliverOne } from './redeliver.ts';

/** What a producer asks for: something of its own, by its public id, and the JSON it sent along. */
export interface Request {
  readonly producerId: number;
  readonly id: string;
  readonly json: unknown;
}

/** All throw AppError `not_found` for what is unknown or another producer's, `invalid_request` for a wrong `json`. */
export interface ProducerOperations {
  /** `json` is `{ "ttl"?: duration }`. */
  redeliverNotification(request: Request): Promise<Redelivered>;
  /** `json` is `{ "ttl"?: duration }`. */
  redeliverDelivery(request: Request): Promise<Redelivered>;
  /** `json` is `{}`. */
  cancelNotification(request: Request): Promise<Cancelled & { readonly isBroadcastStopped: boolean }>;
  /** `json` is `{}`. */
  cancelDelivery(request: Request): Promise<Cancelled>;
}

/** Binds the operations to the store. */
export function createProducerOperations(deps: CancelDeps): ProducerOperations {
  return {
    redeliverNotification: async ({ json, ...named }) => redeliverNotification(deps, named, parseTtlMs(json)),
    redeliverDelivery: async ({ json, ...named }) => redeliverOne(deps, named, parseTtlMs(json)),
    async cancelNotification({ json, ...named }) {
      parseFields(json, []);
      return cancelNotification(deps, named);
    },
    async cancelDelivery({ json, ...named }) {
      parseFields(json, []);
      return cancelOne(deps, named);
    },
  };
}

function parseTtlMs(json: unknown): number {
  const { ttl } = parseFields(json, ['ttl']);
  if (ttl === undefined) {
    return LIMITS.defaultTtlMs;
  }
  const ttlMs = typeof ttl === 'string' ? parseDurationMs(ttl) : undefined;
  if (ttlMs === undefined || ttlMs < LIMITS.minTtlMs || ttlMs > LIMITS.maxTtlMs) {
    throw invalid([{ pointer: '/ttl', detail: 'Expected an ISO 8601 duration from PT10S to P7D, for example "PT2H"' }]);
  }
  return ttlMs;
}

function parseFields(json: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw invalid([{ pointer: '', detail: 'Expected an object' }]);
  }
  const unknown = Object.keys(json).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    const detail = `Unknown field. ${known.length > 0 ? `Known are ${known.join(', ')}` : 'None is known here'}`;
    throw invalid(unknown.map((key) => ({ pointer: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail })));
  }
  return { ...json };
}

function invalid(faults: readonly Fault[]): AppError {
  return new AppError('invalid_request', `The request has ${faults.length} fault(s)`, { faults });
}
