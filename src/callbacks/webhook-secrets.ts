// The secrets of webhooks: sealed in the store, open only while something is signed.

import { AppError } from '../domain/errors.ts';
import { keyIdOf, type SealingKey, seal, unseal } from '../domain/seal.ts';
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

/** @param keys the present key first, then those before it; none where webhooks are not in use */
export function createWebhookSecrets(
  deps: { readonly randomBytes: (size: number) => Uint8Array },
  keys: readonly SealingKey[],
): WebhookSecrets {
  const [current] = keys;
  const sealNow = (secret: string, webhookId: string) => {
    if (!current) {
      throw new AppError(
        'encryption_key_missing',
        'Expected the setting ENCRYPTION_KEY, which keeps the secrets of webhooks; whoever runs this service has to set it',
      );
    }
    return seal(secret, { key: current, context: contextOf(webhookId), randomBytes: deps.randomBytes });
  };
  return {
    seal: sealNow,
    open({ publicId, secret, previousSecret, previousSecretUntilMs }, nowMs) {
      const isPreviousAlive = previousSecret !== null && (previousSecretUntilMs ?? 0) > nowMs;
      const opened = [secret, ...(isPreviousAlive ? [previousSecret] : [])].map((sealed) =>
        unseal(sealed, keys, contextOf(publicId)),
      );
      const secrets = opened.filter((one) => one !== undefined);
      // With the new secret alone, receivers that still have the old one would refuse what they are sent.
      return secrets.length === opened.length ? secrets : undefined;
    },
    sealAnew(sealed, webhookId) {
      const secret = keyIdOf(sealed) === current?.id ? undefined : unseal(sealed, keys, contextOf(webhookId));
      return secret === undefined ? undefined : sealNow(secret, webhookId);
    },
  };
}

function contextOf(webhookId: string): string {
  return `webhook secret ${webhookId}`;
}
