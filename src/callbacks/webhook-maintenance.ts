// Forgetting events that are old, and bringing secrets under the present key, in the background.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { webhooksLock } from '../store/locks.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** What it works on. */
export interface WebhookMaintenanceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: WebhookSecrets;
}

const HOUR_MS = 3_600_000;

/** How long events, and the messages that tell of them, can be listed and sent again. */
export const EVENT_RETENTION_MS = 30 * 24 * HOUR_MS;

/** How many events share one transaction. */
const BATCH = 500;

/** Works at once and then every hour. */
export class WebhookMaintenance {
  readonly #deps: WebhookMaintenanceDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: WebhookMaintenanceDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        await this.#forget();
        await this.#sealAnew();
        return HOUR_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'the upkeep of webhooks failed; tried again in an hour');
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

  async #forget(): Promise<void> {
    const { store, clock } = this.#deps;
    const beforeMs = clock.nowMs() - EVENT_RETENTION_MS;
    for (const { id: producerId } of await store.read.producers.list()) {
      await this.#forgetEvents(producerId, beforeMs);
    }
    await store.write((tx) => tx.webhookEndpoints.forgetDeletedBefore(beforeMs));
  }

  async #forgetEvents(producerId: number, beforeMs: number): Promise<void> {
    const { store } = this.#deps;
    let isMore = true;
    while (isMore && !this.#loop.signal.aborted) {
      const oldest = await store.read.statusEvents.listOldest(producerId, BATCH);
      const ids = oldest.filter(({ atMs }) => atMs < beforeMs).map(({ id }) => id);
      if (ids.length > 0) {
        await store.write((tx) => tx.statusEvents.delete(ids));
      }
      isMore = ids.length === BATCH;
    }
  }

  /** So that the key before can be taken out of the settings. */
  async #sealAnew(): Promise<void> {
    const { store, secrets } = this.#deps;
    for (const { publicId, producerId } of await store.read.webhookEndpoints.list()) {
      await store.write(async (tx) => {
        // A secret that is exchanged meanwhile must not be overwritten by the one before.
        await tx.locks.take(webhooksLock(producerId));
        const webhook = await tx.webhookEndpoints.find(publicId);
        const secret = webhook && secrets.sealAnew(webhook.secret, publicId);
        const previousSecret = webhook?.previousSecret && secrets.sealAnew(webhook.previousSecret, publicId);
        if (webhook && (secret || previousSecret)) {
          await tx.webhookEndpoints.change(webhook.id, {
            ...(secret && { secret }),
            ...(previousSecret && { previousSecret }),
          });
        }
      });
    }
  }
}
