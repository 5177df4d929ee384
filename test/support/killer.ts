// Kills replicas at random moments, and notes what each kill interrupted.

import { setTimeout as wait } from 'node:timers/promises';
import { toDeliveryId } from '../../src/domain/delivery-id.ts';
import type { CrashStage } from './crash-stage.ts';
import type { Replica } from './replica.ts';
import { pickOne } from './seeded-random.ts';

/** A process is killed at the latest this long after it was ready. */
const MAX_LIFE_MS = 3_000;
/** About the time that a process takes to start and to recover what the one before it left. */
const MAX_START_MS = 2_000;
const MAX_EVENTS = 60;
const MAX_ABANDONED = 10_000;

/** After what a replica may be killed. */
type Happening = 'accepted' | 'posted';

/** An attempt, named in the way of the API. */
export function nameAttempt(deliveryId: string, number: number): string {
  return `${deliveryId}#${number}`;
}

export class Killer {
  /** Attempts that were on record and not ended when a process was killed; one at several kills counts once. */
  readonly interrupted = new Set<string>();
  /** Called after each kill, with the count of kills. */
  onKill: (kills: number) => void = () => undefined;
  #kills = 0;
  #limit = 0;
  readonly #stage: CrashStage;
  readonly #random: () => number;
  readonly #listeners: Readonly<Record<Happening, Set<() => void>>> = { accepted: new Set(), posted: new Set() };

  constructor(stage: CrashStage, random: () => number) {
    this.#stage = stage;
    this.#random = random;
    stage.sandbox.events.subscribe((event) => {
      if (event.kind === 'request' && event.entry.operation === 'sendToConversation') {
        this.notice('posted');
      }
    });
  }

  /** Something has happened, and this may be the moment of a kill. A post is noticed before it is answered. */
  notice(happening: Happening): void {
    for (const listener of this.#listeners[happening]) {
      listener();
    }
  }

  /** Kills every replica again and again, `kills` times in all; ends when all of them serve again. */
  async run(kills: number): Promise<void> {
    this.#limit = kills;
    const { replicas } = this.#stage;
    const killReplica = async (replica: Replica) => {
      while (this.#kills < this.#limit) {
        const count = ++this.#kills;
        await this.#someMoment(replica);
        await replica.kill(() => this.#noteInterrupted());
        this.onKill(count);
      }
    };
    const loops = replicas.map(killReplica);
    try {
      await Promise.all(loops);
    } finally {
      this.stop();
      await Promise.allSettled(loops);
    }
    await Promise.all(replicas.map((replica) => replica.ready));
  }

  /** Lets `run` end after the kills that are under way. */
  stop(): void {
    this.#limit = 0;
  }

  /** Somewhere in the start, or when so much was accepted or posted. */
  async #someMoment(replica: Replica): Promise<void> {
    const kind = pickOne(this.#random, ['starting', 'accepted', 'posted', 'posted'] as const);
    if (kind === 'starting') {
      await wait(this.#random() * MAX_START_MS);
      return;
    }
    await replica.ready;
    await this.#untilHappened(kind, 1 + Math.floor(this.#random() * MAX_EVENTS));
  }

  /** Not for ever: it may be that nothing happens any more. */
  async #untilHappened(happening: Happening, count: number): Promise<void> {
    const reached = new AbortController();
    let left = count;
    const listener = () => {
      left -= 1;
      if (left === 0) {
        reached.abort();
      }
    };
    this.#listeners[happening].add(listener);
    await wait(MAX_LIFE_MS, undefined, { signal: reached.signal }).catch(() => undefined);
    this.#listeners[happening].delete(listener);
  }

  async #noteInterrupted(): Promise<void> {
    const rows = await this.#stage.database.examine((store) =>
      store.read.queue.listAbandoned(Number.MAX_SAFE_INTEGER, MAX_ABANDONED),
    );
    for (const { deliveryId, attempt } of rows) {
      if (attempt) {
        this.interrupted.add(nameAttempt(toDeliveryId(deliveryId), attempt.number));
      }
    }
  }
}
