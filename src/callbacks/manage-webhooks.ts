// A producer's webhooks: registering, changing, rotating the secret, removing.

import type { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { webhooksLock } from '../store/locks.ts';
import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';
import type { Statements, Store } from '../store/store.ts';
import { createSecret } from './signature.ts';
import type { WebhookView, WebhookWithSecret } from './webhook-answers.ts';
import type { WebhookSchemas } from './webhook-requests.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** What managing takes. */
export interface ManageDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: WebhookSecrets;
  readonly schemas: WebhookSchemas;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** A webhook of a producer, by its public id, and the JSON that came with the request. */
export interface WebhookRequest {
  readonly producerId: number;
  readonly id: string;
  readonly json: unknown;
}

/** All throw AppError `not_found` for what is unknown or another producer's, `invalid_request` for a wrong `json`. */
export interface WebhookManagement {
  /** @throws AppError `encryption_key_missing`, `conflict` when there are too many */
  registerWebhook(request: Omit<WebhookRequest, 'id'>): Promise<WebhookWithSecret>;
  listWebhooks(request: { readonly producerId: number }): Promise<{ readonly webhooks: readonly WebhookView[] }>;
  getWebhook(request: Omit<WebhookRequest, 'json'>): Promise<WebhookView>;
  /** @throws AppError `conflict` when an operator has disabled it and it is to be enabled */
  changeWebhook(request: WebhookRequest): Promise<WebhookView>;
  removeWebhook(request: Omit<WebhookRequest, 'json'>): Promise<void>;
  /** Both secrets sign for a while, so that the receiver can change its own in peace. */
  rotateSecret(request: WebhookRequest): Promise<WebhookWithSecret>;
}

const MAX_WEBHOOKS = 10;
const ID_BYTES = 12;

/** Binds them to the store. */
export function createWebhookManagement(deps: ManageDeps): WebhookManagement {
  const { store, clock } = deps;
  return {
    registerWebhook: async ({ producerId, json }) =>
      registerWebhook(deps, producerId, parseRequest(deps.schemas.registration, json, 'webhook')),
    async listWebhooks({ producerId }) {
      const webhooks = await store.read.webhookEndpoints.list(producerId);
      return { webhooks: webhooks.map((webhook) => toView(webhook, clock.nowMs())) };
    },
    getWebhook: async (named) => toView(await requireWebhook(store.read, named), clock.nowMs()),
    async changeWebhook({ json, ...named }) {
      const wish = parseRequest(deps.schemas.change, json, 'change');
      const changed = await store.write((tx) => changeWebhook(tx, { named, wish, nowMs: clock.nowMs() }));
      store.signalWork();
      return toView(changed, clock.nowMs());
    },
    async removeWebhook(named) {
      await store.write(async (tx) => {
        const { id } = await requireWebhook(tx, named);
        await tx.webhookEndpoints.delete(id, clock.nowMs());
      });
    },
    async rotateSecret({ json, ...named }) {
      const { keepPreviousFor } = parseRequest(deps.schemas.rotation, json, 'request');
      const secret = createSecret(deps.randomBytes);
      const sealed = deps.secrets.seal(secret, named.id);
      const rotated = await store.write(async (tx) => {
        // Of two at the same time, the second keeps the secret of the first.
        await tx.locks.take(webhooksLock(named.producerId));
        const { id, secret: previousSecret } = await requireWebhook(tx, named);
        const previousSecretUntilMs = clock.nowMs() + keepPreviousFor;
        await tx.webhookEndpoints.change(id, { secret: sealed, previousSecret, previousSecretUntilMs });
        return requireWebhook(tx, named);
      });
      return { ...toView(rotated, clock.nowMs()), secret };
    },
  };
}

/**
 * @param named.producerId whose it has to be; anybody's when absent
 * @throws AppError `not_found`
 */
export async function requireWebhook(
  statements: Statements,
  { id, producerId }: { readonly id: string; readonly producerId?: number | undefined },
): Promise<WebhookRow> {
  const webhook = await statements.webhookEndpoints.find(id, producerId);
  if (!webhook) {
    throw new AppError('not_found', 'There is no webhook with this id');
  }
  return webhook;
}

async function registerWebhook(
  { store, clock, secrets, randomBytes }: ManageDeps,
  producerId: number,
  { url, events, description }: z.output<WebhookSchemas['registration']>,
): Promise<WebhookWithSecret> {
  const publicId = `whe_${Buffer.from(randomBytes(ID_BYTES)).toString('hex')}`;
  const secret = createSecret(randomBytes);
  const sealed = secrets.seal(secret, publicId);
  const nowMs = clock.nowMs();
  const webhook = await store.write(async (tx) => {
    // Two requests at the same time would both find room for one more.
    await tx.locks.take(webhooksLock(producerId));
    if ((await tx.webhookEndpoints.list(producerId)).length >= MAX_WEBHOOKS) {
      throw new AppError('conflict', `Expected at most ${MAX_WEBHOOKS} webhooks of a producer. Remove one first`);
    }
    return tx.webhookEndpoints.insert({
      publicId,
      producerId,
      url,
      events,
      description,
      secret: sealed,
      createdAtMs: nowMs,
    });
  });
  return { ...toView(webhook, nowMs), secret };
}

interface Change {
  readonly named: Omit<WebhookRequest, 'json'>;
  readonly wish: z.output<WebhookSchemas['change']>;
  readonly nowMs: number;
}

async function changeWebhook(tx: Statements, { named, wish, nowMs }: Change): Promise<WebhookRow> {
  const { id, disabledReason, disabledAtMs } = await requireWebhook(tx, named);
  const { isEnabled, url, events, description } = wish;
  if (isEnabled === true && disabledReason === 'operator') {
    throw new AppError('conflict', 'An operator of this service has disabled this webhook; ask them to enable it');
  }
  await tx.webhookEndpoints.change(id, {
    ...(events !== undefined && { events }),
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
  });
  if (url !== undefined) {
    await tx.webhookHealth.reset(id);
  }
  if (isEnabled === true && disabledAtMs !== null) {
    await tx.webhookHealth.enable(id);
  }
  if (isEnabled === false && disabledAtMs === null) {
    await tx.webhookHealth.disable(id, 'producer', nowMs);
  }
  return requireWebhook(tx, named);
}

function toView(webhook: WebhookRow, nowMs: number): WebhookView {
  const { failingSinceMs, previousSecretUntilMs: untilMs } = webhook;
  return {
    id: webhook.publicId,
    url: webhook.url,
    events: webhook.events,
    description: webhook.description,
    isEnabled: webhook.disabledAtMs === null,
    disabledReason: webhook.disabledReason,
    failures: webhook.failures,
    failingSince: failingSinceMs === null ? null : new Date(failingSinceMs).toISOString(),
    previousSecretUntil: untilMs !== null && untilMs > nowMs ? new Date(untilMs).toISOString() : null,
    createdAt: new Date(webhook.createdAtMs).toISOString(),
  };
}
