// The start and the end of attempts on PostgreSQL: what is asked for at the same time is one statement.

import { NOTIFICATIONS_COUNTED, PACES } from '../../domain/pacing.ts';
import type { AttemptEnd, AttemptStart, DeliveryUpdate, Lease } from '../delivery-queue.ts';
import type { Query } from './query.ts';
import * as sql from './queue-sql.ts';
import type { Together } from './together.ts';

interface Begin extends AttemptStart {
  readonly lease: Lease;
}

interface Finish {
  readonly lease: Lease;
  readonly end: AttemptEnd;
  readonly update: DeliveryUpdate;
}

/** Binds them to one connection. */
export function createAttemptStatements(query: Query, together: Together) {
  const begin = together((begins: readonly Begin[]) => beginAll(query, begins));
  const finish = together((ends: readonly Finish[]) => finishAll(query, ends));
  return {
    beginAttempt: (lease: Lease, start: AttemptStart) => begin({ ...start, lease }),
    finishAttempt: (lease: Lease, end: AttemptEnd, update: DeliveryUpdate) => finish({ lease, end, update }),
  };
}

async function beginAll(query: Query, begins: readonly Begin[]): Promise<readonly (number | undefined)[]> {
  const { rows } = await query(sql.BEGIN_ATTEMPTS, [
    begins.map(({ lease }) => lease.deliveryId),
    begins.map(({ lease }) => lease.owner),
    begins.map(({ leaseUntilMs }) => leaseUntilMs),
    begins.map(({ nowMs }) => nowMs),
    begins.map(({ operation }) => operation),
    begins.map(({ requestId }) => requestId),
    PACES.chat.intervalMs,
    PACES.hour.intervalMs,
  ]);
  const numbers = new Map(rows.map((row) => [row['id'], row]));
  return begins.map(({ lease }) => {
    const row = numbers.get(lease.deliveryId);
    return row?.['lease_owner'] === lease.owner ? Number(row['attempts']) : undefined;
  });
}

async function finishAll(query: Query, all: readonly Finish[]): Promise<readonly boolean[]> {
  const { rows } = await query(sql.FINISH_ATTEMPTS, [
    all.map(({ lease }) => lease.deliveryId),
    all.map(({ lease }) => lease.owner),
    all.map(({ end }) => end.number),
    all.map(({ end }) => end.nowMs),
    all.map(({ end }) => end.outcome),
    all.map(({ end }) => end.reason),
    all.map(({ end }) => end.httpStatus),
    all.map(({ end }) => end.correlationId),
    all.map(({ update }) => update.state),
    all.map(({ update }) => update.failures),
    all.map(({ update }) => (update.isReduced ? 1 : 0)),
    all.map(({ update }) => update.dueAtMs),
    all.map(({ update }) => update.reason),
    all.map(({ update }) => update.activityId),
    NOTIFICATIONS_COUNTED,
  ]);
  const owners = new Map(rows.map((row) => [row['id'], row['lease_owner']]));
  return all.map(({ lease }) => owners.get(lease.deliveryId) === lease.owner);
}
