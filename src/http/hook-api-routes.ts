// A producer's hooks: making, changing and trying the addresses that senders post to.

import type { HookManagement } from '../hooks/manage-hooks.ts';
import type { createTryHook } from '../hooks/try-hook.ts';
import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import { ADD_HOOK, CHANGE_HOOK, GET_HOOK, LIST_HOOKS, REMOVE_HOOK, ROTATE_HOOK, TRY_HOOK } from './hook-operations.ts';
import type { Operation } from './operation.ts';
import { createOwnedRoutes } from './owned-routes.ts';
import type { Route } from './route.ts';

/** The use cases behind these routes. */
export type HookUseCases = HookManagement & { readonly tryHook: ReturnType<typeof createTryHook> };

const HOOKS = '/api/v1/hooks';
const HOOK = `${HOOKS}/:id`;

/** All of them; each refuses what another producer owns as if it did not exist. */
export function hookApiRoutes(
  { hooks, guard }: { readonly hooks: HookUseCases; readonly guard: Guard },
  options: { readonly maxBodyBytes: number },
): readonly Route[] {
  const { ask, change, remove } = createOwnedRoutes(guard, options, (grant, { id = '' }) => ({
    id,
    owner: {
      producerId: grant.producerId,
      canSend: grant.scopes.includes('send'),
      canBroadcast: grant.scopes.includes('broadcast'),
      canSendCards: grant.scopes.includes('cards'),
      canPassQuiet: grant.scopes.includes('urgent'),
      recipients: grant.recipients,
    },
  }));
  const post = (path: string, operation: Operation) => ({ method: 'POST', path, operation }) as const;
  return [
    change(post(HOOKS, ADD_HOOK), async (input) => {
      const hook = await hooks.addHook(input);
      return jsonAnswer(201, hook, { Location: `${HOOKS}/${hook.id}` });
    }),
    ask(HOOKS, LIST_HOOKS, (named) => hooks.listHooks(named)),
    ask(HOOK, GET_HOOK, (named) => hooks.getHook(named)),
    change({ method: 'PATCH', path: HOOK, operation: CHANGE_HOOK }, async (input) =>
      jsonAnswer(200, await hooks.changeHook(input)),
    ),
    remove(HOOK, REMOVE_HOOK, (named) => hooks.removeHook(named)),
    change(post(`${HOOK}/rotate`, ROTATE_HOOK), async (input) => jsonAnswer(200, await hooks.rotateHook(input))),
    change(post(`${HOOK}/test`, TRY_HOOK), async ({ owner, id, json }) =>
      jsonAnswer(200, await hooks.tryHook({ producerId: owner.producerId, id, json })),
    ),
  ];
}
