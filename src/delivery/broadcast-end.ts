// When a broadcast ended, told from its deliveries, which may be a hundred thousand.

import type { Statements } from '../store/store.ts';

/** A broadcast of which nothing is open. */
export interface BroadcastEnd {
  /** When its last delivery ended; 0 where there are none. */
  readonly lastMs: number;
  /** Its deliveries to people who were named besides. */
  readonly namedIds: readonly number[];
}

const PART = 2_000;

/**
 * @param rest awaited between two parts
 * @returns undefined when something of it is open
 */
export async function readBroadcastEnd(
  { retention }: Statements,
  notificationId: number,
  rest: () => Promise<void>,
): Promise<BroadcastEnd | undefined> {
  let lastMs = 0;
  const namedIds: number[] = [];
  for (let after = 0; ; await rest()) {
    const part = await retention.listDeliveries(notificationId, after, PART);
    if (part.some(({ isOpen }) => isOpen)) {
      return undefined;
    }
    lastMs = part.reduce((latest, { updatedAtMs }) => Math.max(latest, updatedAtMs), lastMs);
    namedIds.push(...part.filter(({ isNamed }) => isNamed).map(({ id }) => id));
    if (part.length < PART) {
      return { lastMs, namedIds };
    }
    after = part.at(-1)?.conversationId ?? after;
  }
}
