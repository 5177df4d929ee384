// Hooks, put together: what their owners ask for, and what their senders post.

import type { Clock } from '../domain/clock.ts';
import { createSealer, type SealingKey } from '../domain/seal.ts';
import { HookMaintenance } from '../hooks/hook-maintenance.ts';
import { createHookSchemas } from '../hooks/hook-requests.ts';
import { createHookManagement } from '../hooks/manage-hooks.ts';
import { createHookReception, type HookReception } from '../hooks/take-requests.ts';
import { createTryHook, type TryHookDeps } from '../hooks/try-hook.ts';
import type { HookUseCases } from '../http/hook-api-routes.ts';
import type { AcceptAll } from '../notifications/accept-notification.ts';
import { DIALECT_NAMES } from '../sources/dialect-names.ts';
import { DIALECTS } from '../sources/dialects.ts';
import { finishDraft } from '../sources/finish-draft.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What hooks are made of. */
export interface HookGround {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** What they need of the settings. */
export interface HookOptions {
  readonly sealingKeys: readonly SealingKey[];
  readonly publicUrl: string | undefined;
}

/** @param tryNotification the dry run of a notification */
export function createHookUseCases(
  ground: HookGround,
  { sealingKeys, publicUrl }: HookOptions,
  tryNotification: TryHookDeps['tryNotification'],
): HookUseCases {
  const parts = { ...ground, schemas: createHookSchemas(DIALECT_NAMES), dialects: DIALECTS };
  const sealer = createSealer(ground, sealingKeys);
  return {
    ...createHookManagement({ ...parts, sealer, publicUrl }),
    tryHook: createTryHook({ ...parts, finishDraft, tryNotification }),
  };
}

/** Everything about hooks that the edge calls. */
export function createHooks(
  ground: HookGround,
  options: HookOptions,
  { dryRun, acceptAll }: { readonly dryRun: TryHookDeps['tryNotification']; readonly acceptAll: AcceptAll },
): HookUseCases & HookReception {
  return { ...createHookUseCases(ground, options, dryRun), ...createReception(ground, options, acceptAll) };
}

/** What keeps them up in the background; nothing begins before `start()`. */
export function createHookMaintenance(
  ground: HookGround & { readonly logger: Logger },
  { sealingKeys }: Pick<HookOptions, 'sealingKeys'>,
): HookMaintenance {
  return new HookMaintenance({ ...ground, sealer: createSealer(ground, sealingKeys) });
}

function createReception(ground: HookGround, { sealingKeys }: HookOptions, acceptAll: AcceptAll): HookReception {
  return createHookReception({
    ...ground,
    sealer: createSealer(ground, sealingKeys),
    dialects: DIALECTS,
    finishDraft,
    async accept(notifications) {
      const accepted = await acceptAll(notifications);
      return accepted.map(({ answer: { id, unresolved }, isReplay }) => ({
        id,
        isReplay,
        unresolved: unresolved.length,
      }));
    },
  });
}
