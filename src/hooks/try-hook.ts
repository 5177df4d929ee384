// What a payload would come to at a hook, told without storing or sending anything.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import type { Dialect } from '../domain/source.ts';
import type { Store } from '../store/store.ts';
import type { HookTrial } from './hook-answers.ts';
import type { HookSchemas } from './hook-requests.ts';
import { requireHook } from './manage-hooks.ts';
import { type HookNotification, type PreparedEvent, prepareEvents, type ReceiveDeps } from './receive-event.ts';

/** What trying takes. */
export interface TryHookDeps extends Pick<ReceiveDeps, 'finishDraft'> {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  readonly schemas: HookSchemas;
  readonly dialects: readonly Dialect[];
  /** The dry run of a notification. */
  tryNotification(notification: Pick<HookNotification, 'sender' | 'json'>): Promise<unknown>;
}

/** Which hook, and the JSON that came with the request. */
export interface TrialRequest {
  /** Whose it has to be; anybody's when absent. */
  readonly producerId?: number;
  readonly id: string;
  readonly json: unknown;
}

/**
 * Gives the function that tries one.
 *
 * @throws AppError `not_found`; `invalid_request` as the sender would be answered
 */
export function createTryHook(deps: TryHookDeps): (request: TrialRequest) => Promise<HookTrial> {
  return async ({ producerId, id, json }) => {
    const { payload, headers } = parseRequest(deps.schemas.trial, json, 'trial');
    const hook = await requireHook(deps.store.read, id, producerId);
    const dialect = deps.dialects.find(({ name }) => name === hook.dialect);
    if (!dialect) {
      throw new AppError('not_found', `There is no dialect ${hook.dialect} any more`);
    }
    const body = dialect.body === 'text' && typeof payload !== 'string' ? JSON.stringify(payload) : payload;
    const request = { body, headers: lowerCased(headers) };
    const prepared = prepareEvents(deps, { hook, dialect, request, to: [] });
    if (prepared.kind === 'greeting') {
      return { isGreeting: true, events: [] };
    }
    return { isGreeting: false, events: await Promise.all(prepared.events.map((event) => tryEvent(deps, event))) };
  };
}

async function tryEvent({ tryNotification }: TryHookDeps, { event, refusedBy, notification }: PreparedEvent) {
  return {
    event: event ?? null,
    refusedBy: refusedBy ?? null,
    notification: notification.json,
    dryRun: refusedBy === undefined ? await tryNotification(notification) : null,
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
