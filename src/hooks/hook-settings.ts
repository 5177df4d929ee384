// How a hook is set up: from what its owner asks for, within what its owner may do.

import { AppError, type Fault } from '../domain/errors.ts';
import type { HookSettings } from '../domain/hook.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import { isCovered, parseRecipient, scopeFor } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import type { HookRegistration } from './hook-requests.ts';

/** Who asks, and what their key allows: no hook may do more. */
export interface HookOwner {
  readonly producerId: number;
  readonly canSend: boolean;
  readonly canBroadcast: boolean;
  readonly canSendCards: boolean;
  readonly canPassQuiet: boolean;
  /** The only recipients that they may address; empty for anybody. */
  readonly recipients: readonly string[];
}

/** The fields of a request that make up the settings. */
export type SettingFields = Readonly<Omit<HookRegistration, 'name' | 'source' | 'auth' | 'secret' | ListField>> & {
  readonly to: readonly string[];
  readonly choosable: readonly string[] | null;
  readonly filters: readonly string[];
};
type ListField = 'to' | 'choosable' | 'filters';

/** From the fields of a request. Pure. */
export function toSettings(fields: SettingFields, owner: HookOwner): HookSettings {
  const { canBroadcast, canSendCards, canPassQuiet } = owner;
  const { to, choosable, severity, priority, lifecycle, template, filters, origin, ratePerMinute } = fields;
  return {
    to,
    ...(choosable !== null && { choosable }),
    rights: { canBroadcast, canSendCards, canPassQuiet },
    ...(severity !== null && { severity }),
    ...(priority !== null && { priority }),
    hasLifecycle: lifecycle,
    ...(template !== null && { template }),
    filters,
    ...(origin !== null && { origin }),
    ratePerMinute,
  };
}

/** And back. Pure. */
export function fromSettings(settings: HookSettings): SettingFields {
  const { to, choosable = null, severity = null, priority = null, template = null, origin = null } = settings;
  const { hasLifecycle, filters, ratePerMinute } = settings;
  return { to, choosable, severity, priority, lifecycle: hasLifecycle, template, filters, origin, ratePerMinute };
}

/**
 * Whether its owner may have it so, and whether it can work at all.
 *
 * @throws AppError `invalid_request` with every fault, `forbidden` without the right to send, or to so many
 */
export async function checkSettings(tx: Statements, settings: HookSettings, owner: HookOwner): Promise<void> {
  const { to, choosable, template } = settings;
  if (!owner.canSend) {
    throw new AppError('forbidden', 'Expected a key with the scope send as well: what comes through a hook is sent');
  }
  const broadcast = owner.canBroadcast ? undefined : to.find(needsBroadcast);
  if (broadcast !== undefined) {
    throw new AppError('forbidden', `Expected a key with the scope broadcast, which "${broadcast}" needs`);
  }
  const faults = [
    ...(to.length === 0 && choosable === undefined ? [NOBODY] : []),
    ...faultsOf('/to', to, owner),
    ...faultsOf('/choosable', choosable ?? [], owner),
    ...(choosable?.length === 0 && owner.recipients.length > 0 ? [{ pointer: '/choosable', detail: LIMITED }] : []),
    ...(await templateFaults(tx, template, owner)),
  ];
  if (faults.length > 0) {
    throw faultyRequest('hook', faults);
  }
}

function needsBroadcast(name: string): boolean {
  const recipient = parseRecipient(name);
  return recipient !== undefined && scopeFor(recipient) === 'broadcast';
}

const NOBODY: Fault = { pointer: '/to', detail: 'Expected at least one recipient, unless the sender may choose' };
const LIMITED = 'Expected recipients that your key may address';

function faultsOf(pointer: string, names: readonly string[], { recipients }: HookOwner): readonly Fault[] {
  const isAllowed = (name: string) => recipients.length === 0 || recipients.some((one) => covers(one, name));
  return names.flatMap((name, at) => (isAllowed(name) ? [] : [{ pointer: `${pointer}/${at}`, detail: LIMITED }]));
}

function covers(allowed: string, name: string): boolean {
  const recipient = parseRecipient(name);
  const isSameDomain = allowed.startsWith('*@') && allowed.toLowerCase() === name.toLowerCase();
  return isSameDomain || (recipient !== undefined && isCovered(recipient, allowed));
}

async function templateFaults(tx: Statements, name: string | undefined, { producerId }: HookOwner) {
  const isThere = name === undefined || (await tx.templates.find({ producerId, name })) !== undefined;
  return isThere ? [] : [{ pointer: '/template', detail: 'Expected a template that you have put here before' }];
}
