// Who is calling the API: from an Authorization header to a grant.

import type { Clock } from '../domain/clock.ts';
import type { ApiKeyRow } from '../store/statements/api-keys.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { isSameDigest, parseApiKey } from './api-key.ts';
import { type Grant, SCOPES } from './grant.ts';

/** "Last used" is kept to this precision, so that a busy key does not write at every request. */
const TOUCH_INTERVAL_MS = 60_000;
const NO_DIGEST = new Uint8Array(32);

/** What authentication works on. */
export interface AuthenticateDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Gives a function that resolves to the grant of a valid key, or to undefined: the same for an unknown, wrong, revoked
 * or expired key, of a disabled producer as well, so that a caller learns nothing from the difference.
 */
export function createAuthenticate(
  deps: AuthenticateDeps,
): (authorization: string | undefined) => Promise<Grant | undefined> {
  const touch = createTouch(deps);
  return async (authorization) => {
    const presented = parseApiKey(/^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
    if (!presented) {
      return undefined;
    }
    const key = await deps.store.read.apiKeys.find(presented.keyId);
    const isRight = isSameDigest(presented.secretSha256, key?.secretSha256 ?? NO_DIGEST);
    if (!key || !isRight || !isActive(key, deps.clock.nowMs())) {
      return undefined;
    }
    touch(key.keyId);
    return toGrant(key);
  };
}

function isActive(key: ApiKeyRow, nowMs: number): boolean {
  return !key.isProducerDisabled && key.revokedAtMs === null && (key.expiresAtMs === null || nowMs < key.expiresAtMs);
}

function toGrant(key: ApiKeyRow): Grant {
  return {
    keyId: key.keyId,
    producerId: key.producer.id,
    producerName: key.producer.name,
    ...(key.producer.tenantId !== null && { tenantId: key.producer.tenantId }),
    scopes: SCOPES.filter((scope) => key.scopes.includes(scope)),
    recipients: key.recipients,
  };
}

/** Not awaited by the request: when a key was last used is a convenience, not a promise. */
function createTouch({ store, clock, logger }: AuthenticateDeps): (keyId: string) => void {
  const touchedAtMs = new Map<string, number>();
  return (keyId) => {
    const nowMs = clock.nowMs();
    if (nowMs - (touchedAtMs.get(keyId) ?? Number.NEGATIVE_INFINITY) < TOUCH_INTERVAL_MS) {
      return;
    }
    touchedAtMs.set(keyId, nowMs);
    store
      .write((tx) => tx.apiKeys.touch(keyId, nowMs))
      .catch(() => logger.warn({ keyId }, 'could not note the use of an API key'));
  };
}
