// What a claim finds in lanes of closed hosts: the deliveries of other hosts, remembered from claim to claim, so that a
// backlog is looked through once and not at every claim.

import type { SQLOutputValue } from 'node:sqlite';
import { originOf } from '../../domain/service-url.ts';
import type { Prepare } from './kysely-dialect.ts';
import * as sql from './queue-sql.ts';

/** One priority of one lane at an instant. */
export interface QueuePlace {
  readonly laneId: number;
  readonly priority: number;
  readonly nowMs: number;
}

/** How much of a backlog one claim looks through; the next one goes on. */
const LOOK_LIMIT = 5_000;
/** What is found beyond this waits until these are gone. */
const MAX_LISTED = 1_000;
/** A delivery may be committed so long after the instant at which it says that it was due. */
const COMMIT_LAG_MS = 1_000;

/** What was seen of one priority of one lane: everything up to this place in the order of claims. */
interface Seen {
  readonly openIds: Set<number>;
  afterDueMs: number;
  afterId: number;
}

/**
 * Forgets everything when other hosts are closed, also when one is probed: so nothing that it misses (a chat that
 * moves to another host, say) waits longer than for the next probe.
 */
export class OpenDeliveries {
  readonly #prepare: Prepare;
  readonly #seen = new Map<string, Seen>();
  #closedOrigins: readonly string[] = [];

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  /** @returns itself, for these closed hosts; undefined when none is closed and nobody has to be passed over */
  of(closedOrigins: readonly string[]): OpenDeliveries | undefined {
    if (closedOrigins.join() !== this.#closedOrigins.join()) {
      this.#closedOrigins = closedOrigins;
      this.#seen.clear();
    }
    return closedOrigins.length > 0 ? this : undefined;
  }

  /** @returns ids of what was due and not of a closed host when it was looked at; it may have gone meanwhile */
  list(place: QueuePlace): readonly number[] {
    const key = `${place.laneId} ${place.priority}`;
    const seen = this.#seen.get(key) ?? { openIds: new Set(), afterDueMs: 0, afterId: 0 };
    this.#seen.set(key, seen);
    if (seen.openIds.size >= MAX_LISTED) {
      this.#dropEnded(seen);
    }
    if (seen.openIds.size < MAX_LISTED) {
      this.#lookOn(seen, place);
    }
    return [...seen.openIds];
  }

  #dropEnded({ openIds }: Seen): void {
    const rows = this.#prepare(sql.STILL_WAITING).all({ ids: JSON.stringify([...openIds]) });
    openIds.clear();
    for (const row of rows) {
      openIds.add(Number(row['id']));
    }
  }

  #lookOn(seen: Seen, place: QueuePlace): void {
    const { afterDueMs, afterId, openIds } = seen;
    for (const row of this.#prepare(sql.DUE_HOSTS).all({ ...place, afterDueMs, afterId, limit: LOOK_LIMIT })) {
      const dueAtMs = Number(row['due_at_ms']);
      if (!this.#isClosed(row['service_url'])) {
        openIds.add(Number(row['id']));
      }
      if (dueAtMs < place.nowMs - COMMIT_LAG_MS) {
        seen.afterDueMs = dueAtMs;
        seen.afterId = Number(row['id']);
      }
      if (openIds.size >= MAX_LISTED) {
        break;
      }
    }
  }

  #isClosed(serviceUrl: SQLOutputValue | undefined): boolean {
    const origin = typeof serviceUrl === 'string' ? originOf(serviceUrl) : undefined;
    return origin !== undefined && this.#closedOrigins.includes(origin);
  }
}
