// A queue with a clock and a Sender that the test moves, whatever database it is in.

import { randomUUID } from 'node:crypto';
import { LEASE_MS } from '../../src/delivery/attempt.ts';
import { Dispatcher, type DispatcherOptions } from '../../src/delivery/dispatcher.ts';
import type { ReadOwnVote } from '../../src/delivery/read-poll.ts';
import type { Sender } from '../../src/delivery/sender.ts';
import type { Clock, SteadyClock } from '../../src/domain/clock.ts';
import { CONNECTOR_HOSTS } from '../../src/domain/service-url.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { ManualClock } from './manual-clock.ts';
import { ScriptedSender } from './scripted-sender.ts';
import {
  type InstalledPerson,
  installPerson,
  type PersonOptions,
  type QueuedOptions,
  queueNotification,
} from './store-fixtures.ts';

export interface DispatcherParts extends Partial<DispatcherOptions> {
  readonly store?: Store;
  readonly sender?: Sender;
  readonly clock?: Clock;
  readonly wall?: SteadyClock;
  readonly readOwnVote?: ReadOwnVote;
}

export class QueueFixture {
  readonly clock = new ManualClock();
  readonly sender = new ScriptedSender(this.clock);
  readonly log: string[] = [];
  readonly store: Store;
  readonly producerId: number;
  readonly metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  readonly #stops: (() => Promise<unknown>)[] = [];

  protected constructor({ store, producerId }: { readonly store: Store; readonly producerId: number }) {
    this.store = store;
    this.producerId = producerId;
  }

  /** Jitter is half of what it may be, so that instants are exact. */
  createDispatcher(parts: DispatcherParts = {}): Dispatcher {
    const {
      store = this.store,
      sender = this.sender,
      clock = this.clock,
      maxInFlight = 64,
      isAlone = true,
      wall,
      readOwnVote,
    } = parts;
    const dispatcher = new Dispatcher(
      {
        store,
        sender,
        clock,
        wall,
        ...(readOwnVote && { readOwnVote }),
        metrics: this.metrics,
        logger: createLogger('debug', { write: (line) => this.log.push(line) }),
        leaseMs: LEASE_MS,
        defaultTimeZone: 'UTC',
        random: () => 0.5,
        randomUuid: randomUUID,
        serviceUrlPolicy: { kind: 'hosts', hosts: CONNECTOR_HOSTS },
      },
      { maxInFlight, isAlone },
    );
    this.#stops.push(() => {
      const stopping = dispatcher.stop(0);
      if (clock instanceof ManualClock) {
        clock.advance(0);
      }
      return stopping;
    });
    return dispatcher;
  }

  /** Slots of the lane are all free at once unless an interval is given. */
  install(index: number, options: Partial<PersonOptions> = {}): Promise<InstalledPerson> {
    return installPerson(this.store, { index, nowMs: this.clock.nowMs(), intervalUs: 0, ...options });
  }

  /** @returns the row id of the notification */
  async queue(to: readonly InstalledPerson[], options: Partial<QueuedOptions> = {}): Promise<number> {
    const { producerId } = this;
    const id = await queueNotification(this.store, { producerId, to, nowMs: this.clock.nowMs(), ...options });
    this.store.signalWork();
    return id;
  }

  protected async stopDispatchers(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
  }
}
