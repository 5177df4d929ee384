// A producer's hooks: making, changing, rotating the secret, trying, removing.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { HOOK_LIMITS } from '../domain/hook.ts';
import { faultyRequest, parseRequest } from '../domain/parse-request.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Dialect } from '../domain/source.ts';
import { hooksLock, NAMES_LOCK } from '../store/locks.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import type { Statements, Store } from '../store/store.ts';
import type { HookView, HookWithSecret } from './hook-answers.ts';
import type { HookRegistration, HookSchemas, HookWish } from './hook-requests.ts';
import { createHookSecret, findSecretFault, keepSecret } from './hook-secrets.ts';
import { checkSettings, fromSettings, type HookOwner, type SettingFields, toSettings } from './hook-settings.ts';
import { toView, withSecret } from './hook-view.ts';

/** What managing takes. */
export interface ManageHooksDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly schemas: HookSchemas;
  readonly dialects: readonly Dialect[];
  readonly randomBytes: (size: number) => Uint8Array;
  /** Where the service is reached from outside; addresses begin with their path when it is not known. */
  readonly publicUrl: string | undefined;
}

/** A hook by its public id, who asks, and the JSON that came with the request. */
export interface HookRequest {
  readonly owner: HookOwner;
  readonly id: string;
  readonly json: unknown;
}

/** All throw AppError `not_found` for what is unknown or another producer's, `invalid_request` for a wrong `json`. */
export interface HookManagement {
  /** @throws AppError `already_exists`, `encryption_key_missing`, `forbidden`, `conflict` when there are too many */
  addHook(request: Omit<HookRequest, 'id'>): Promise<HookWithSecret>;
  listHooks(request: Pick<HookRequest, 'owner'>): Promise<{ readonly hooks: readonly HookView[] }>;
  getHook(request: Omit<HookRequest, 'json'>): Promise<HookView>;
  /** @throws AppError `already_exists`, `forbidden` */
  changeHook(request: HookRequest): Promise<HookView>;
  removeHook(request: Omit<HookRequest, 'json'>): Promise<void>;
  /** Both secrets are good for a while, so that the sender can change its own in peace. @throws AppError `conflict` */
  rotateHook(request: HookRequest): Promise<HookWithSecret>;
}

const ID_BYTES = 12;

/** Binds them to the store. */
export function createHookManagement(deps: ManageHooksDeps): HookManagement {
  const { store, clock, schemas } = deps;
  const view = (hook: HookRow) => toView(deps, hook);
  return {
    addHook: ({ owner, json }) => addHook(deps, owner, parseRequest(schemas.registration, json, 'hook')),
    listHooks: async ({ owner }) => ({ hooks: (await store.read.hooks.list(owner.producerId)).map(view) }),
    getHook: async ({ owner, id }) => view(await requireHook(store.read, id, owner.producerId)),
    async changeHook({ owner, id, json }) {
      const wish = parseRequest(schemas.change, json, 'change');
      const changed = await store.write((tx) => changeHook(tx, { owner, id, wish, nowMs: clock.nowMs() }));
      return view(changed);
    },
    async removeHook({ owner, id }) {
      await store.write(async (tx) => tx.hooks.delete((await requireHook(tx, id, owner.producerId)).id));
    },
    async rotateHook({ owner, id, json }) {
      const wish = parseRequest(schemas.rotation, json, 'request');
      const { auth } = await requireHook(store.read, id, owner.producerId);
      const secret = takeSecret(deps, auth, wish.secret);
      if (secret === undefined) {
        throw new AppError('conflict', 'This hook has no secret: API keys of its producer open it. Exchange those');
      }
      const kept = keepSecret(deps.sealer, { auth, publicId: id }, secret);
      const rotated = await store.write(async (tx) => {
        // Of two at the same time, the second keeps the secret of the first.
        await tx.locks.take(hooksLock(owner.producerId));
        const { id: rowId, secret: old } = await requireHook(tx, id, owner.producerId);
        // What is good no longer is not kept: the clock of another process may be a moment behind.
        const isKept = wish.keepPreviousFor > 0;
        await tx.hooks.change(rowId, {
          secret: kept,
          previousSecret: isKept ? old : null,
          previousSecretUntilMs: isKept ? clock.nowMs() + wish.keepPreviousFor : null,
        });
        return requireHook(tx, id, owner.producerId);
      });
      return withSecret(deps, rotated, secret);
    },
  };
}

/** @param producerId whose it has to be; anybody's when absent. @throws AppError `not_found` */
export async function requireHook(statements: Statements, id: string, producerId?: number): Promise<HookRow> {
  const hook = await statements.hooks.find(id, producerId);
  if (!hook) {
    throw new AppError('not_found', 'There is no hook with this id');
  }
  return hook;
}

async function addHook(deps: ManageHooksDeps, owner: HookOwner, wish: HookRegistration): Promise<HookWithSecret> {
  const dialect = deps.dialects.find(({ name }) => name === wish.source);
  const auth = wish.auth ?? dialect?.auth[0] ?? 'token';
  if (!dialect?.auth.includes(auth)) {
    throw faultyRequest('hook', [
      { pointer: '/auth', detail: `Expected what this sender can do: ${dialect?.auth.join(', ') ?? 'nothing'}` },
    ]);
  }
  const secret = takeSecret(deps, auth, wish.secret);
  const settings = toSettings(wish, owner);
  const publicId = `hook_${Buffer.from(deps.randomBytes(ID_BYTES)).toString('hex')}`;
  const kept = secret === undefined ? null : keepSecret(deps.sealer, { auth, publicId }, secret);
  const { producerId } = owner;
  const hook = await deps.store.write(async (tx) => {
    // Two requests at the same time would both find room for one more.
    await lockSettings(tx, producerId);
    await checkSettings(tx, settings, owner);
    if ((await tx.hooks.list(producerId)).length >= HOOK_LIMITS.maxHooks) {
      throw new AppError('conflict', `Expected at most ${HOOK_LIMITS.maxHooks} hooks of a producer. Remove one first`);
    }
    const { name, source } = wish;
    const createdAtMs = deps.clock.nowMs();
    const isNew = await tx.hooks.insert({
      publicId,
      producerId,
      name,
      dialect: source,
      auth,
      secret: kept,
      settings,
      createdAtMs,
    });
    return isNew ? requireHook(tx, publicId) : undefined;
  });
  if (!hook) {
    throw nameIsTaken();
  }
  return withSecret(deps, hook, secret);
}

/** Settings name people: what is read and written again must not bring back somebody who is being erased. */
async function lockSettings(tx: Statements, producerId: number): Promise<void> {
  await tx.locks.share(NAMES_LOCK);
  await tx.locks.take(hooksLock(producerId));
}

function nameIsTaken(): AppError {
  return new AppError('already_exists', 'There is a hook of this name already. Choose another name');
}

/** @throws AppError `invalid_request` for a secret that this kind cannot take */
function takeSecret({ randomBytes }: ManageHooksDeps, auth: HookRow['auth'], own: string | undefined) {
  const fault = own === undefined ? undefined : findSecretFault(auth, own);
  if (fault !== undefined) {
    throw faultyRequest('hook', [{ pointer: '/secret', detail: fault }]);
  }
  return own ?? createHookSecret(auth, randomBytes);
}

interface Change {
  readonly owner: HookOwner;
  readonly id: string;
  readonly wish: HookWish;
  readonly nowMs: number;
}

async function changeHook(tx: Statements, { owner, id, wish, nowMs }: Change): Promise<HookRow> {
  const { name, isEnabled, ...fields } = wish;
  // Two changes at the same time would each write the settings without the other's.
  await lockSettings(tx, owner.producerId);
  const hook = await requireHook(tx, id, owner.producerId);
  const others = name === undefined ? [] : await tx.hooks.list(owner.producerId);
  if (others.some((other) => other.name === name && other.id !== hook.id)) {
    throw nameIsTaken();
  }
  const settings = toSettings(merged(fromSettings(hook.settings), fields), owner);
  await checkSettings(tx, settings, owner);
  await tx.hooks.change(hook.id, {
    ...(name !== undefined && { name }),
    settings,
    ...(isEnabled !== undefined && { disabledAtMs: isEnabled ? null : (hook.disabledAtMs ?? nowMs) }),
  });
  return requireHook(tx, id, owner.producerId);
}

function merged(
  fields: SettingFields,
  wish: Partial<{ [Field in keyof SettingFields]: SettingFields[Field] | undefined }>,
) {
  const given = Object.entries(wish).filter(([, value]) => value !== undefined);
  return { ...fields, ...Object.fromEntries(given) };
}
