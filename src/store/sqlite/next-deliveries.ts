// Which deliveries of a lane a claim takes next, for SQLite; who has no room yet is put off on the way.

import type { SQLOutputValue } from 'node:sqlite';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { PUT_OFF_ROUNDS, splitByRoom } from '../claim-rules.ts';
import type { ClaimInput } from '../delivery-queue.ts';
import type { Prepare } from './kysely-dialect.ts';
import type { OpenDeliveries } from './open-deliveries.ts';
import * as sql from './queue-sql.ts';

type Row = Record<string, SQLOutputValue>;

/** Where a claim looks, and for how many. */
export interface NextWish extends Pick<ClaimInput, 'nowMs' | 'isClosedToRetries'> {
  readonly laneId: number;
  readonly priority: Priority;
  readonly limit: number;
  /** Present while hosts are closed. */
  readonly listed: OpenDeliveries | undefined;
}

/** Whoever has no room yet is put off and does not count. */
export function nextOfLane(prepare: Prepare, wish: NextWish): readonly Row[] {
  let ready: readonly Row[] = [];
  for (let round = 0; round < PUT_OFF_ROUNDS && wish.limit > 0; round++) {
    const split = splitByRoom(readNext(prepare, wish), wish);
    ready = split.ready;
    for (const { row, untilMs } of split.early) {
      const { conversation_id: conversationId = null, is_quiet: isQuiet = null } = row;
      prepare(sql.PUT_OFF).run({ conversationId, isQuiet, untilMs });
    }
    if (split.early.length === 0) {
      break;
    }
  }
  return ready;
}

function readNext(prepare: Prepare, { laneId, priority, nowMs, limit, listed }: NextWish): readonly Row[] {
  const place = { laneId, priority: PRIORITIES.indexOf(priority), nowMs };
  return listed
    ? prepare(sql.NEXT_OF_LISTED).all({ ...place, limit, ids: JSON.stringify(listed.list(place)) })
    : prepare(sql.NEXT_OF_LANE).all({ ...place, limit });
}
