// The secrets of webhooks: sealed in the store, open only while something is signed.

import type { Sealer } from '../domain/seal.ts';
import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';

/** Seals and opens them. */
export interface WebhookSecrets {
  /** @throws AppError `encryption_key_missing` */
  seal(secret: string, webhookId: string): string;
  /** What signs now: the secret, and for a while the one before. @returns undefined when it cannot be opened */
  open(webhook: WebhookRow, nowMs: number): readonly string[] | undefined;
  /** The same text under the present key; undefined when it is, or when it cannot be opened. */
  sealAnew(sealed: string, webhookId: string): string | undefined;
}

/** Each is sealed for its own webhook. */
export function createWebhookSecrets(sealer: Sealer): WebhookSecrets {
  return {
    seal: (secret, webhookId) => sealer.seal(secret, contextOf(webhookId)),
    open({ publicId, secret, previousSecret, previousSecretUntilMs }, nowMs) {
      const isPreviousAlive = previousSecret !== null && (previousSecretUntilMs ?? 0) > nowMs;
      const opened = [secret, ...(isPreviousAlive ? [previousSecret] : [])].map((sealed) =>
        sealer.unseal(sealed, contextOf(publicId)),
      );
      const secrets = opened.filter((one) => one !== undefined);
      // With the new secret alone, receivers that still have the old one would refuse what they are sent.
      return secrets.length === opened.length ? secrets : undefined;
    },
    sealAnew: (sealed, webhookId) => sealer.sealAnew(sealed, contextOf(webhookId)),
  };
}

function contextOf(webhookId: string): string {
  return `webhook secret ${webhookId}`;
}
