// Bringing the secrets of hooks under the present key, in the background.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import { hooksLock } from '../store/locks.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { keepAnew } from './hook-secrets.ts';

/** What it works on. */
export interface HookMaintenanceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sealer: Sealer;
}

const HOUR_MS = 3_600_000;

/** Works at once and then every hour, so that the key before can be taken out of the settings. */
export class HookMaintenance {
  readonly #deps: HookMaintenanceDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: HookMaintenanceDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        await this.#sealAnew();
        return HOUR_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'the upkeep of hooks failed; tried again in an hour');
        return HOUR_MS;
      },
    });
  }

  start(): void {
    this.#loop.wake();
  }

  /** Resolves when the round under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #sealAnew(): Promise<void> {
    const { store } = this.#deps;
    for (const hook of await store.read.hooks.list()) {
      if (this.#loop.signal.aborted) {
        return;
      }
      // Most hours there is nothing to seal: no transaction then.
      if (this.#sealedAnew(hook)) {
        await store.write(async (tx) => {
          // A secret that is exchanged meanwhile must not be overwritten by the one before.
          await tx.locks.take(hooksLock(hook.producerId));
          const current = await tx.hooks.find(hook.publicId);
          const sealed = current && this.#sealedAnew(current);
          if (sealed) {
            await tx.hooks.change(current.id, sealed);
          }
        });
      }
    }
  }

  /** @returns undefined when nothing is to be changed */
  #sealedAnew({ publicId, secret, previousSecret }: HookRow) {
    const anew = keepAnew(this.#deps.sealer, secret, publicId);
    const previousAnew = keepAnew(this.#deps.sealer, previousSecret, publicId);
    return anew || previousAnew
      ? { ...(anew && { secret: anew }), ...(previousAnew && { previousSecret: previousAnew }) }
      : undefined;
  }
}
