// Sealing what has to be read again, such as the secret that signs a webhook: AES-256-GCM under a key outside the database.

import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { AppError } from './errors.ts';

/** A key, and the name by which sealed texts say that it is theirs. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_CHARS = 8;

/** @param base64 32 bytes. @returns undefined when it is anything else */
export function parseSealingKey(base64: string): SealingKey | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const isWhole = bytes.length === KEY_BYTES && /^[A-Za-z0-9+/]{43}=?$/.test(base64);
  return isWhole ? { id: createHash('sha256').update(bytes).digest('hex').slice(0, ID_CHARS), bytes } : undefined;
}

/** What sealing takes. */
export interface Sealing {
  readonly key: SealingKey;
  /** What the text belongs to: it can be opened there only, so that no row can be given the text of another. */
  readonly context: string;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** @returns `v1.<id of the key>.<base64url of nonce, tag and ciphertext>` */
export function seal(plain: string, { key, context, randomBytes }: Sealing): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `v1.${key.id}.${Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
}

/** The id of the key that a text is sealed with; undefined for what is no sealed text. */
export function keyIdOf(sealed: string): string | undefined {
  return /^v1\.([0-9a-f]{8})\.[\w-]+$/.exec(sealed)?.[1];
}

/**
 * Opens with the key that the text names.
 *
 * @returns undefined when that key is not among them, or when the text was changed or belongs elsewhere
 */
export function unseal(sealed: string, keys: readonly SealingKey[], context: string): string | undefined {
  const key = keys.find(({ id }) => id === keyIdOf(sealed));
  const bytes = Buffer.from(sealed.split('.')[2] ?? '', 'base64url');
  if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) {
    return undefined;
  }
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const plain = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    // What does not carry the tag of its key was changed or moved: there is nothing to give.
    return undefined;
  }
}

/** Seals and opens with the keys of the settings. */
export interface Sealer {
  /** @throws AppError `encryption_key_missing` */
  seal(plain: string, context: string): string;
  /** @returns undefined when it cannot be opened */
  unseal(sealed: string, context: string): string | undefined;
  /** The same text under the present key; undefined when it is, or when it cannot be opened. */
  sealAnew(sealed: string, context: string): string | undefined;
}

/** @param keys the present key first, then those before it; none where nothing has to be sealed */
export function createSealer(
  { randomBytes }: { readonly randomBytes: (size: number) => Uint8Array },
  keys: readonly SealingKey[],
): Sealer {
  const [current] = keys;
  const sealNow = (plain: string, context: string) => {
    if (!current) {
      throw new AppError(
        'encryption_key_missing',
        'Expected the setting ENCRYPTION_KEY, which keeps secrets that sign; whoever runs this service has to set it',
      );
    }
    return seal(plain, { key: current, context, randomBytes });
  };
  return {
    seal: sealNow,
    unseal: (sealed, context) => unseal(sealed, keys, context),
    sealAnew(sealed, context) {
      const plain = keyIdOf(sealed) === current?.id ? undefined : unseal(sealed, keys, context);
      return plain === undefined ? undefined : sealNow(plain, context);
    },
  };
}
