// A hook as its owner sees it. Pure.

import type { Clock } from '../domain/clock.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import type { HookView, HookWithSecret } from './hook-answers.ts';
import { fromSettings } from './hook-settings.ts';

/** What showing takes. */
export interface ViewDeps {
  readonly clock: Clock;
  /** Where the service is reached from outside; addresses are paths when it is not known. */
  readonly publicUrl: string | undefined;
}

/** Without its secret. */
export function toView({ clock, publicUrl = '' }: ViewDeps, hook: HookRow): HookView {
  const { previousSecretUntilMs: untilMs } = hook;
  const { to, choosable, filters, ...others } = fromSettings(hook.settings);
  return {
    id: hook.publicId,
    name: hook.name,
    source: hook.dialect,
    url: `${publicUrl}/hooks/${hook.publicId}`,
    auth: hook.auth,
    ...others,
    to: [...to],
    choosable: choosable && [...choosable],
    filters: [...filters],
    isEnabled: hook.disabledAtMs === null,
    previousSecretUntil: untilMs !== null && untilMs > clock.nowMs() ? new Date(untilMs).toISOString() : null,
    createdAt: new Date(hook.createdAtMs).toISOString(),
  };
}

/** @param secret undefined where there is none */
export function withSecret(deps: ViewDeps, hook: HookRow, secret: string | undefined): HookWithSecret {
  const view = toView(deps, hook);
  const secretUrl = hook.auth === 'url' && secret !== undefined ? `${view.url}/${secret}` : null;
  return { ...view, secret: secret ?? null, secretUrl };
}
