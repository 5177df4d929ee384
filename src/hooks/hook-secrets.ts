// The secrets of hooks. What a sender presents is only recognised, so a digest is kept; what signs has to be read, so it is sealed.

import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import { isSameText } from '../domain/same-text.ts';
import type { Sealer } from '../domain/seal.ts';
import type { HookAuthKind } from '../domain/source.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import { parseStandardSecret } from './standard-webhooks.ts';

/** 256 random bits. */
const SECRET_BYTES = 32;
/** Of a secret that a sender has made up itself. */
const MIN_OWN_LENGTH = 16;
const MAX_OWN_LENGTH = 512;

const DIGEST = 'sha256.';

type RandomBytes = (size: number) => Uint8Array;

/** A new secret for this kind; undefined where there is none to make. */
export function createHookSecret(auth: HookAuthKind, randomBytes: RandomBytes): string | undefined {
  switch (auth) {
    case 'key':
      return undefined;
    case 'standard-webhooks':
      return `whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
    default:
      return `bhs_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url')}`;
  }
}

/** What a secret that comes from outside has to be; undefined when it may be taken. */
export function findSecretFault(auth: HookAuthKind, secret: string): string | undefined {
  if (auth === 'key' || auth === 'url') {
    return 'Expected nothing here: this kind of hook takes no secret of your own';
  }
  if (auth === 'standard-webhooks') {
    return parseStandardSecret(secret) ? undefined : 'Expected "whsec_" and the base64 of 24 to 64 bytes';
  }
  const isUsable = /^[\x21-\x7e]+$/.test(secret) && secret.length >= MIN_OWN_LENGTH && secret.length <= MAX_OWN_LENGTH;
  return isUsable ? undefined : `Expected ${MIN_OWN_LENGTH} to ${MAX_OWN_LENGTH} visible ASCII characters`;
}

/** As it is kept. @throws AppError `encryption_key_missing` for one that has to be read again */
export function keepSecret(sealer: Sealer, hook: Pick<HookRow, 'auth' | 'publicId'>, secret: string): string {
  return isRead(hook.auth) ? sealer.seal(secret, contextOf(hook.publicId)) : `${DIGEST}${digestOf(secret)}`;
}

/** Whether this is one of the hook's secrets that are good now. */
export function isHookSecret(hook: HookRow, presented: string, nowMs: number): boolean {
  const kept = `${DIGEST}${digestOf(presented)}`;
  // Both are always compared.
  return keptSecrets(hook, nowMs).filter((one) => isSameText(one, kept)).length > 0;
}

/** The secrets that sign now. @throws AppError `internal` when one cannot be opened: its key is gone from the settings */
export function readSecrets(sealer: Sealer, hook: HookRow, nowMs: number): readonly string[] {
  return keptSecrets(hook, nowMs).map((sealed) => {
    const secret = sealer.unseal(sealed, contextOf(hook.publicId));
    if (secret === undefined) {
      throw new AppError('internal', `The secret of hook ${hook.publicId} cannot be opened with ENCRYPTION_KEY`);
    }
    return secret;
  });
}

/** The same secret under the present key; undefined when it is, when it cannot be opened, and for a digest. */
export function keepAnew(sealer: Sealer, kept: string | null, publicId: string): string | undefined {
  return kept === null || kept.startsWith(DIGEST) ? undefined : sealer.sealAnew(kept, contextOf(publicId));
}

function keptSecrets({ secret, previousSecret, previousSecretUntilMs }: HookRow, nowMs: number): readonly string[] {
  const isPreviousAlive = previousSecret !== null && (previousSecretUntilMs ?? 0) > nowMs;
  return [...(secret === null ? [] : [secret]), ...(isPreviousAlive ? [previousSecret] : [])];
}

function isRead(auth: HookAuthKind): boolean {
  return auth === 'standard-webhooks' || auth === 'signature';
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

function contextOf(publicId: string): string {
  return `hook secret ${publicId}`;
}
