// The queue's hot statements for PostgreSQL.

import { AppError } from '../../domain/errors.ts';
import type { DeliveryQueue } from '../delivery-queue.ts';
import type { Query } from './query.ts';

/** Binds them to one connection. */
export function createPostgresDeliveryQueue(_query: Query): DeliveryQueue {
  const missing = async (): Promise<never> => {
    throw new AppError('internal', 'The queue of PostgreSQL is not written yet');
  };
  return {
    claim: missing,
    reserveSlot: missing,
    beginAttempt: missing,
    endAttempt: missing,
    release: missing,
    addRemedy: missing,
    giveBack: missing,
    expireDue: missing,
    listAbandoned: missing,
    hasDue: missing,
    nextDueAtMs: missing,
    expandFanout: missing,
  };
}
