// Producers as they should be: the same key again until there is an answer, and a list of what was promised them.

import { setTimeout as wait } from 'node:timers/promises';
import { numberedTitle } from './arrivals.ts';
import { policyOf } from './crash-plan.ts';
import type { CrashStage } from './crash-stage.ts';
import { pickOne } from './seeded-random.ts';

const PRODUCERS = 4;
/** Before the same is sent again, so that it is not asked all the time while nobody can answer. */
const PAUSE_MS = 10;
/** How often something is sent once more although it was accepted, as a producer does that lost the answer. */
const REPEATED_SHARE = 1 / 20;

export class Producers {
  /** The id that was answered with the 202, by the number of the notification. */
  readonly accepted = new Map<number, string>();
  /** Called after each notification that is accepted. */
  onAccepted: () => void = () => undefined;
  /** Whether a 503 means "not now", as it does while the database is away; a fault otherwise. */
  isRefusable = false;
  readonly #stage: CrashStage;
  readonly #random: () => number;
  #next = 0;
  #allowed = 0;
  #isLast = false;
  #isStopped = false;
  #change = Promise.withResolvers<void>();

  constructor(stage: CrashStage, random: () => number) {
    this.#stage = stage;
    this.#random = random;
    // A test that took too long leaves them at work.
    stage.disposed.addEventListener('abort', () => this.stop());
  }

  /** Lets them send all notifications below this number. */
  allow(count: number, { isLast }: { readonly isLast: boolean }): void {
    this.#allowed = Math.max(this.#allowed, count);
    this.#isLast = isLast;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Ends `run` also when nobody answers any more. */
  stop(): void {
    this.#isStopped = true;
    this.#next = Number.POSITIVE_INFINITY;
    this.allow(0, { isLast: true });
  }

  /** Ends when the last notification that was allowed is accepted. @throws Error at any answer but 202 with the one id */
  async run(): Promise<void> {
    const produce = async () => {
      for (let number = await this.#take(); number !== undefined; number = await this.#take()) {
        this.accepted.set(number, await this.#postUntilAccepted(number));
        this.onAccepted();
        if (this.#random() < REPEATED_SHARE) {
          await this.#repeat();
        }
      }
    };
    await Promise.all(Array.from({ length: PRODUCERS }, produce));
  }

  async #take(): Promise<number | undefined> {
    while (this.#next >= this.#allowed) {
      if (this.#isLast) {
        return undefined;
      }
      await this.#change.promise;
    }
    return this.#next++;
  }

  async #repeat(): Promise<void> {
    const [number, id] = pickOne(this.#random, [...this.accepted]);
    const again = await this.#postUntilAccepted(number);
    if (again !== id) {
      throw new Error(`Notification ${number} was ${id} and became ${again} when it was sent once more`);
    }
  }

  async #postUntilAccepted(number: number): Promise<string> {
    const notification = {
      to: this.#stage.recipient(number),
      title: numberedTitle(number),
      onUnknown: policyOf(number),
    };
    for (;;) {
      const response = await this.#postToAny(notification, `key-${number}`).catch(() => undefined);
      const text = await response?.text().catch(() => undefined);
      if (text !== undefined && response?.status === 202) {
        return JSON.parse(text).id;
      }
      if (text !== undefined && !(this.isRefusable && response?.status === 503)) {
        throw new Error(`Notification ${number} was answered ${response?.status}: ${text}`);
      }
      if (this.#isStopped) {
        throw new Error(`Notification ${number} was not accepted before the end`);
      }
      await wait(PAUSE_MS);
    }
  }
  /** To one that serves, as a load balancer would have it. */
  async #postToAny(notification: unknown, key: string): Promise<Response> {
    const { replicas } = this.#stage;
    await Promise.any(replicas.map(({ ready }) => ready));
    const serving = replicas.filter(({ isServing }) => isServing);
    return this.#stage.post(notification, key, pickOne(this.#random, serving.length > 0 ? serving : replicas));
  }
}
