// Hooks as they are stored, for tests that need no store.

import { createSealer, parseSealingKey, type Sealer } from '../../src/domain/seal.ts';
import type { Dialect } from '../../src/domain/source.ts';
import { keepSecret } from '../../src/hooks/hook-secrets.ts';
import type { HookRow } from '../../src/store/statements/hooks.ts';

/** Seals under a key of which each byte is `fill`, after which the keys of `earlier` open too. */
export function sealerWith(fill: number, ...earlier: readonly number[]): Sealer {
  const keys = [fill, ...earlier].flatMap((byte) => parseSealingKey(Buffer.alloc(32, byte).toString('base64')) ?? []);
  return createSealer({ randomBytes: (size) => new Uint8Array(size) }, keys);
}

/** The sealer of hooks that no other is given. */
export const SEALER = sealerWith(1);

/** A hook of this kind with these secrets, as they are kept. */
export function hookRow(
  auth: HookRow['auth'],
  secrets: { secret?: string; previous?: string; previousUntilMs?: number } = {},
): HookRow {
  const publicId = 'hook_5f0c2b7d9a1e4c3b8a6d7e0f';
  const keep = (secret: string | undefined) =>
    secret === undefined ? null : keepSecret(SEALER, { auth, publicId }, secret);
  return {
    ...{ id: 1, publicId, producerId: 1, producerName: 'ci', isProducerDisabled: false, tenantId: null },
    ...{ name: 'builds', dialect: 'json', auth, createdAtMs: 0, disabledAtMs: null },
    secret: keep(secrets.secret),
    previousSecret: keep(secrets.previous),
    previousSecretUntilMs: secrets.previousUntilMs ?? null,
    settings: {
      to: ['ana@contoso.com'],
      rights: { canBroadcast: false, canSendCards: false },
      hasLifecycle: true,
      filters: [],
      ratePerMinute: 300,
    },
  };
}

/** A dialect that says nothing, with what it says of its senders. */
export function mute(traits: Partial<Dialect> = {}): Dialect {
  return {
    ...{ name: 'mute', title: 'Mute', body: 'json', auth: ['token'] },
    translate: () => ({ kind: 'greeting' }),
    ...traits,
  };
}
