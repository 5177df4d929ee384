// From what a sender posted to notifications: translated, filtered, addressed, and stored together or not at all.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { HookSettings } from '../domain/hook.ts';
import { NOTIFICATION_LIMITS, type Severity } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest } from '../domain/source.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import { findRefusal } from './filter.ts';
import type { Received } from './hook-answers.ts';

/** Whose words a notification is, and whom they may address. */
export interface HookSender {
  readonly producerId: number;
  readonly producerName: string;
  readonly rights: {
    readonly tenantId?: string;
    readonly canSend: true;
    readonly canBroadcast: boolean;
    readonly canSendCards: boolean;
    readonly canPassQuiet?: boolean;
    readonly recipients: readonly string[];
  };
}

/** A notification to be accepted: its JSON, and the key under which it is accepted once. */
export interface HookNotification {
  readonly sender: HookSender;
  readonly json: unknown;
  readonly body: Uint8Array;
  readonly idempotencyKey: string | undefined;
}

/** What receiving takes. */
export interface ReceiveDeps {
  readonly clock: Clock;
  /** From a draft to the JSON of a notification within its bounds. */
  finishDraft(draft: Draft, fallbackTitle: string): Readonly<Record<string, unknown>>;
  /** Stores all or nothing. @throws AppError as accepting a notification does */
  accept(
    notifications: readonly HookNotification[],
  ): Promise<readonly { readonly id: string; readonly isReplay: boolean; readonly unresolved: number }[]>;
}

/** One request that has been verified. */
export interface VerifiedRequest {
  readonly hook: HookRow;
  readonly dialect: Dialect;
  readonly request: SourceRequest;
  /** Whom the address of the request names. */
  readonly to: readonly string[];
}

/** What one event comes to. */
export interface PreparedEvent {
  readonly event: string | undefined;
  /** The filter that keeps it back. */
  readonly refusedBy: string | undefined;
  readonly notification: HookNotification;
}

/** @throws AppError `invalid_request` for what is no payload of this dialect, or is for nobody */
export function prepareEvents(deps: Pick<ReceiveDeps, 'clock' | 'finishDraft'>, verified: VerifiedRequest) {
  const { dialect, request } = verified;
  const translation = dialect.translate(request);
  if (translation.kind === 'greeting') {
    return translation;
  }
  return { kind: 'events', events: translation.events.map((event) => prepare(deps, verified, event)) } as const;
}

/**
 * @returns undefined for a greeting
 * @throws AppError as `prepareEvents` and accepting do; `no_recipient` without naming anybody, for the sender did not
 */
export async function receive(deps: ReceiveDeps, verified: VerifiedRequest): Promise<Received | undefined> {
  const prepared = prepareEvents(deps, verified);
  if (prepared.kind === 'greeting') {
    return undefined;
  }
  const told = prepared.events.filter(({ refusedBy }) => refusedBy === undefined);
  const filtered = prepared.events.length - told.length;
  if (told.length === 0) {
    return { notifications: [], filtered };
  }
  try {
    return { notifications: await deps.accept(told.map(({ notification }) => notification)), filtered };
  } catch (error) {
    if (error instanceof AppError && error.code === 'no_recipient') {
      throw new AppError('no_recipient', 'None of the people for whom this hook is can be reached', { cause: error });
    }
    throw error;
  }
}

function prepare(
  { clock, finishDraft }: Pick<ReceiveDeps, 'clock' | 'finishDraft'>,
  { hook, dialect, request, to }: VerifiedRequest,
  { id, draft, traits = {}, to: named = [] }: SourceEvent,
): PreparedEvent {
  const { settings } = hook;
  const severity = draft.severity ?? settings.severity;
  const notification = withoutFuture(
    finishDraft(forHook(draft, settings, severity), `${dialect.title}: ${hook.name}`),
    clock.nowMs(),
  );
  const recipients = chooseRecipients(settings, to.length > 0 ? to : named);
  const idempotencyKey =
    id === undefined ? undefined : keyOf(hook, [id, ...(recipients.isChosen ? recipients.to : [])]);
  return {
    event: traits.event,
    refusedBy: findRefusal(settings.filters, { traits, severity: severity ?? DEFAULT_SEVERITY }),
    notification: {
      sender: toSender(hook, recipients.isChosen),
      json: {
        to: recipients.to,
        ...(settings.template === undefined ? notification : filled(settings.template, request.body, notification)),
      },
      // The same id always means the same event, though its sender may write it otherwise the second time.
      body: Buffer.from(idempotencyKey ?? ''),
      idempotencyKey,
    },
  };
}

const DEFAULT_SEVERITY: Severity = 'info';

function forHook(draft: Draft, { hasLifecycle, priority }: HookSettings, severity: Severity | undefined): Draft {
  const { key, state, ...said } = draft;
  return {
    ...said,
    ...(hasLifecycle && { key, state }),
    ...(severity !== undefined && { severity }),
    ...(priority !== undefined && { priority }),
  };
}

/** What a template says is said by the template; how it is sent, and what it is about, by the event. */
function filled(name: string, data: unknown, notification: Readonly<Record<string, unknown>>) {
  const { severity, priority, key, state, occurredAt } = notification;
  const said = { severity, priority, key, state, occurredAt };
  const there = Object.entries(said).filter(([, value]) => value !== undefined);
  return { template: { name, data }, ...Object.fromEntries(there) };
}

/** A clock that is wrong is no reason to lose what happened. */
function withoutFuture(notification: Readonly<Record<string, unknown>>, nowMs: number) {
  const { occurredAt, ...others } = notification;
  const isAhead = typeof occurredAt === 'string' && Date.parse(occurredAt) > nowMs + NOTIFICATION_LIMITS.maxAheadMs;
  return isAhead ? others : notification;
}

/** Who may be told is for accepting to decide. @throws AppError `invalid_request` when nobody is named at all */
function chooseRecipients({ to, choosable }: HookSettings, named: readonly string[]) {
  if (named.length > 0 && choosable !== undefined) {
    return { to: named, isChosen: true };
  }
  if (to.length === 0) {
    throw new AppError('invalid_request', 'Expected recipients: this hook has none of its own, name them with `?to=`');
  }
  return { to, isChosen: false };
}

function toSender({ producerId, name, tenantId, settings }: HookRow, isChosen: boolean): HookSender {
  const { rights, choosable = [] } = settings;
  return {
    producerId,
    producerName: name,
    rights: {
      ...(tenantId !== null && { tenantId }),
      ...rights,
      canSend: true,
      recipients: isChosen ? choosable : [],
    },
  };
}

/** Ids of senders may be of any length and hold anything. One event may be told to some first, and then to others. */
function keyOf({ publicId }: HookRow, event: readonly string[]): string {
  return `${publicId} ${createHash('sha256').update(JSON.stringify(event), 'utf8').digest('hex')}`;
}
