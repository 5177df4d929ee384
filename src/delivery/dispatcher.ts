// The dispatcher: claims due deliveries, sends each at its slot, and keeps going whatever happens to one of them.
//
//   idle      nothing is due; woken by new work, by a timer, or by a delivery that ended
//   pumping   claiming until nothing is due or enough is in flight
//   paused    no token could be had; nothing is claimed, so no attempt is used up
//   stopping  nothing is claimed any more; what is in flight ends by itself

import { type Cancel, within } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { describeError } from '../telemetry/logger.ts';
import { claimDue } from './claim.ts';
import { ConnectorGate } from './connector-gate.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import { type FollowWallDeps, followWall } from './follow-wall.ts';
import { Pacer } from './pacer.ts';
import { Recovery } from './recover.ts';

/** What a dispatcher works with; its pacer and its gate are its own. */
export type DispatcherDeps = Omit<DeliverDeps, 'pacer' | 'gate' | 'wall'> & FollowWallDeps;

export interface DispatcherOptions {
  /** Requests under way at once, over all lanes. */
  readonly maxInFlight: number;
  /**
   * True when no other dispatcher can be alive on this store: every lease found at the start is dead, and what waits
   * may be moved when the wall clock was set.
   */
  readonly isAlone: boolean;
}

/** Wakes up on its own this often, should every other signal be missed. */
const POLL_MS = 1_000;
/**
 * Due work that could not be claimed (no free slot, its conversation is busy or held back) is looked at again after
 * this, and each time after twice as long, up to the poll.
 */
const CLAIM_RETRY_MS = 50;
const MIN_FREE_SHARE = 1 / 4;
const DEFAULT_PAUSE_MS = 5_000;

/** Start and stop are idempotent, and a stop during a start is obeyed. A dispatcher that was stopped stays so. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #pacer: Pacer;
  readonly #gate: ConnectorGate;
  readonly #recovery: Recovery;
  readonly #options: DispatcherOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #starting: Promise<void> | undefined;
  #pumping: Promise<void> | undefined;
  #isWoken = false;
  /** Claims in a row that found nothing although something was due. */
  #emptyClaims = 0;
  #isStopping = false;
  #pausedUntilMs = 0;
  #cancelTimer: Cancel = () => undefined;
  #unsubscribe: Cancel = () => undefined;

  constructor(deps: DispatcherDeps, options: DispatcherOptions) {
    this.#deps = deps;
    this.#pacer = new Pacer(deps);
    this.#gate = new ConnectorGate(deps);
    this.#recovery = new Recovery(deps);
    this.#options = options;
  }

  /** Recovers what an earlier process left behind, then begins to dispatch. */
  start(): Promise<void> {
    this.#starting ??= this.#begin();
    return this.#starting;
  }

  /**
   * Claims nothing more, gives back what has not begun, and waits for what is in flight.
   *
   * @returns false when something was still under way after `graceMs`; what was in flight is recovered as unknown later
   */
  async stop(graceMs: number): Promise<boolean> {
    this.#isStopping = true;
    this.#pacer.stop();
    this.#unsubscribe();
    return (await within(this.#deps.clock, graceMs, this.#drain())) ?? false;
  }

  async #begin(): Promise<void> {
    await this.#recovery.begin(this.#options);
    if (!this.#isStopping) {
      this.#unsubscribe = this.#deps.store.onWork(() => this.#wake());
      this.#wake();
    }
  }

  async #drain(): Promise<true> {
    // A start that failed is told to who started.
    await Promise.allSettled([this.#starting]);
    await this.#pumping;
    this.#cancelTimer();
    await Promise.all(this.#inFlight);
    return true;
  }

  #wake(): void {
    this.#isWoken = true;
    if (!this.#pumping && !this.#isStopping) {
      this.#pumping = this.#pump();
    }
  }

  async #pump(): Promise<void> {
    this.#cancelTimer();
    let nextMs = POLL_MS;
    try {
      while (this.#isWoken && !this.#isStopping) {
        this.#isWoken = false;
        nextMs = await this.#claimAll();
      }
    } catch (error) {
      this.#deps.logger.error({ error: describeError(error) }, 'deliveries could not be claimed');
    }
    this.#pumping = undefined;
    if (!this.#isStopping) {
      this.#cancelTimer = this.#deps.clock.after(nextMs, () => this.#wake());
    }
  }

  /** @returns when to look again, milliseconds from now */
  async #claimAll(): Promise<number> {
    const { store, clock } = this.#deps;
    if (this.#options.isAlone) {
      await this.#followWall();
    }
    await this.#recovery.lookSometimes();
    while (!this.#isStopping && this.#hasRoom()) {
      const nowMs = clock.nowMs();
      if (nowMs < this.#pausedUntilMs) {
        return Math.min(POLL_MS, this.#pausedUntilMs - nowMs);
      }
      if (!(await store.read.queue.hasDue(nowMs))) {
        return this.#untilNextDue(nowMs);
      }
      if (!(await this.#hasToken()) || this.#isStopping) {
        continue;
      }
      // A name for each claim, not for the process: one that was paused may recover, and claim again, what it is sending.
      const owner = this.#deps.randomUuid();
      const limit = this.#options.maxInFlight - this.#inFlight.size;
      const { claimed, expanded } = await claimDue({ ...this.#deps, gate: this.#gate }, { owner, limit });
      for (const delivery of claimed) {
        this.#run(delivery, owner);
      }
      if (claimed.length === 0 && expanded === 0) {
        return Math.min(POLL_MS, CLAIM_RETRY_MS * 2 ** this.#emptyClaims++);
      }
      this.#emptyClaims = 0;
    }
    return POLL_MS;
  }

  /** A claim costs the same for one delivery as for many: under load it waits until a part of the places is free. */
  #hasRoom(): boolean {
    const { maxInFlight } = this.#options;
    return this.#inFlight.size <= maxInFlight * (1 - MIN_FREE_SHARE);
  }

  async #untilNextDue(nowMs: number): Promise<number> {
    const dueAtMs = await this.#deps.store.read.queue.nextDueAtMs();
    return dueAtMs === undefined ? POLL_MS : Math.min(POLL_MS, Math.max(CLAIM_RETRY_MS, dueAtMs - nowMs));
  }

  async #hasToken(): Promise<boolean> {
    try {
      await this.#deps.sender.prepare();
      return true;
    } catch (error) {
      const pauseMs = (error instanceof AppError ? error.retryAfterMs : undefined) ?? DEFAULT_PAUSE_MS;
      this.#pausedUntilMs = this.#deps.clock.nowMs() + pauseMs;
      this.#deps.logger.error({ pauseMs, error: describeError(error) }, 'no token: deliveries wait');
      return false;
    }
  }

  /** Before anything is judged by the time. */
  async #followWall(): Promise<void> {
    const jumpMs = await followWall(this.#deps);
    this.#pausedUntilMs += jumpMs;
    this.#recovery.shift(jumpMs);
  }

  #run(claimed: ClaimedDelivery, owner: string): void {
    const run = deliver({ ...this.#deps, pacer: this.#pacer, gate: this.#gate }, claimed, owner)
      .catch((error: unknown) => {
        const fields = { deliveryId: claimed.id, error: describeError(error) };
        this.#deps.logger.error(fields, 'delivery interrupted; it is recovered when its lease ends');
      })
      .finally(() => {
        this.#inFlight.delete(run);
        this.#wake();
      });
    this.#inFlight.add(run);
  }
}
