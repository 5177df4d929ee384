// What a producer may do to its own deliveries: send again, withdraw.

import { z } from 'zod';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { timeToLive } from '../domain/request-fields.ts';
import {
  type CancelDeps,
  type Cancelled,
  type CancelledNotification,
  cancelNotification,
  cancelOne,
} from './cancel.ts';
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
  cancelNotification(request: Request): Promise<CancelledNotification>;
  /** `json` is `{}`. */
  cancelDelivery(request: Request): Promise<Cancelled>;
}

/** `ttl`: how long it is worth trying from now on. */
export const redelivery = z
  .strictObject({
    ttl: timeToLive.prefault(LIMITS.defaultTtl).describe('How long it is worth trying from now on, PT10S to P7D.'),
  })
  .meta({ id: 'RedeliveryRequest', description: 'How what did not arrive is sent again.' });

/** Nothing is to be said. */
export const withdrawal = z.strictObject({}).meta({ id: 'WithdrawalRequest', description: 'Nothing has to be said.' });

/** Binds the operations to the store. */
export function createProducerOperations(deps: CancelDeps): ProducerOperations {
  return {
    async redeliverNotification({ json, ...named }) {
      const { ttl } = parseRequest(redelivery, json, 'request');
      return redeliverNotification(deps, named, ttl);
    },
    async redeliverDelivery({ json, ...named }) {
      const { ttl } = parseRequest(redelivery, json, 'request');
      return redeliverOne(deps, named, ttl);
    },
    async cancelNotification({ json, ...named }) {
      parseRequest(withdrawal, json, 'request');
      return cancelNotification(deps, named);
    },
    async cancelDelivery({ json, ...named }) {
      parseRequest(withdrawal, json, 'request');
      return cancelOne(deps, named);
    },
  };
}
