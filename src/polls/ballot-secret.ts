// The secret of an anonymous poll: it gives everybody's ballot a name that only it can find again.

import { createHmac } from 'node:crypto';
import type { Sealer } from '../domain/seal.ts';

const SECRET_BYTES = 32;

/** What making one takes. */
export interface NewSecret {
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly publicId: string;
}

/** A new one, sealed for its own poll. @throws AppError `encryption_key_missing` */
export function sealSecret({ sealer, randomBytes, publicId }: NewSecret): string {
  return sealer.seal(Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url'), contextOf(publicId));
}

/** @returns undefined when its key is not among those of the settings */
export function openSecret(sealer: Pick<Sealer, 'unseal'>, sealed: string, publicId: string): string | undefined {
  return sealer.unseal(sealed, contextOf(publicId));
}

/** The same under the present key; undefined when it is, or when it cannot be opened. */
export function sealSecretAnew(sealer: Pick<Sealer, 'sealAnew'>, sealed: string, publicId: string): string | undefined {
  return sealer.sealAnew(sealed, contextOf(publicId));
}

/** @param identity of a person, whom it cannot be traced back to without the secret */
export function ballotKey(secret: string, identity: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64url')).update(identity).digest('hex');
}

function contextOf(publicId: string): string {
  return `poll secret ${publicId}`;
}
