// Kills replicas at random moments, and notes what each kill interrupted.

import { setTimeout as wait } from 'node:timers/promises';
import type { CrashStage } from './crash-stage.ts';
import { Moments } from './moments.ts';
import type { Replica } from './replica.ts';
import { pickOne } from './seeded-random.ts';

/** About the time that a process takes to start and to recover what the one before it left. */
const MAX_START_MS = 2_000;
/** For each replica that is there. */
const MAX_EVENTS = 60;

export class Killer {
  readonly moments: Moments;
  /** Attempts that were on record and not ended when their process was killed; one at several kills counts once. */
  readonly interrupted = new Set<string>();
  /** Called after each kill, with the count of kills. */
  onKill: (kills: number) => void = () => undefined;
  #kills = 0;
  #limit = 0;
  readonly #stage: CrashStage;
  readonly #random: () => number;

  constructor(stage: CrashStage, random: () => number) {
    this.#stage = stage;
    this.#random = random;
    this.moments = new Moments(stage.sandbox);
  }

  /** Kills every replica again and again, `kills` times in all; ends when all of them serve again. */
  async run(kills: number): Promise<void> {
    this.#limit = kills;
    const { replicas } = this.#stage;
    const killReplica = async (replica: Replica) => {
      while (this.#kills < this.#limit) {
        const count = ++this.#kills;
        await this.#someMoment(replica);
        await replica.kill(() => this.#noteInterrupted(replica));
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
    // What happens is noticed by whoever waits to kill one of them.
    const maxEvents = MAX_EVENTS * this.#stage.replicas.length;
    await this.moments.untilHappened(kind, 1 + Math.floor(this.#random() * maxEvents));
  }

  /** Those of the other replicas go on: a kill here explains nothing there. */
  async #noteInterrupted(replica: Replica): Promise<void> {
    for (const { name, requestId } of await this.#stage.database.listOpenAttempts()) {
      if (replica.hasMade(requestId)) {
        this.interrupted.add(name);
      }
    }
  }
}
