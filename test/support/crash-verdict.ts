// Compares three books that nobody keeps for another: what producers were promised, what Teams got, what Bellhop says.

import type { UnknownPolicy } from '../../src/domain/notification.ts';
import type { NotificationStatus } from '../../src/notifications/notification-status.ts';

/** An attempt, named in the way of the API. */
export function nameAttempt(deliveryId: string, number: number): string {
  return `${deliveryId}#${number}`;
}

export interface CrashBooks {
  /** Ids by numbers: what was answered 202. */
  readonly accepted: ReadonlyMap<number, string>;
  /** Request ids of the messages in the chats, by the number of the notification. */
  readonly arrived: ReadonlyMap<number, readonly string[]>;
  /** By number: what the API says. */
  readonly statuses: ReadonlyMap<number, NotificationStatus>;
  /** Attempts that were under way at a kill. */
  readonly interrupted: ReadonlySet<string>;
  policyOf(number: number): UnknownPolicy;
}

/** Figures for one policy. */
export interface CrashFigures {
  readonly accepted: number;
  readonly sent: number;
  readonly held: number;
  readonly failed: number;
  /** Notifications that came at least once. */
  readonly arrived: number;
  readonly extraCopies: number;
}

/** @returns every broken promise, in words; empty when all were kept */
export function findBrokenPromises(books: CrashBooks): readonly string[] {
  const unasked = [...books.arrived.keys()].filter((number) => !books.accepted.has(number));
  return [
    ...unasked.map((number) => `${number} arrived and was never accepted`),
    ...[...books.accepted.keys()].flatMap((number) => judge(books, number).map((what) => `${number} ${what}`)),
  ];
}

function judge({ arrived, statuses, interrupted, policyOf }: CrashBooks, number: number): readonly string[] {
  const requestIds = arrived.get(number) ?? [];
  const [delivery, ...others] = statuses.get(number)?.deliveries ?? [];
  if (!delivery || others.length > 0) {
    return ['has not exactly one delivery'];
  }
  const { state, attempts } = delivery;
  const isHold = policyOf(number) === 'hold';
  const delivered = attempts.filter(({ outcome }) => outcome === 'delivered');
  const isExplained = (requestId: string) => {
    const attempt = attempts.find((one) => one.requestId === requestId);
    const name = nameAttempt(delivery.id, attempt?.number ?? 0);
    return attempt?.outcome === 'delivered' || (attempt?.outcome === 'unknown' && interrupted.has(name));
  };
  return [
    ...(state === 'sent' || (state === 'held' && isHold) ? [] : [`ended as ${state}`]),
    ...(delivered.length === (state === 'sent' ? 1 : 0) ? [] : [`has ${delivered.length} delivered attempts`]),
    ...delivered.filter(({ requestId }) => !requestIds.includes(requestId)).map(() => 'was called sent and is lost'),
    ...(isHold && requestIds.length > 1 ? ['was not to come twice'] : []),
    ...(new Set(requestIds).size === requestIds.length ? [] : ['came twice by one request']),
    ...requestIds.filter((id) => !isExplained(id)).map(() => 'has a copy that no interrupted attempt explains'),
  ];
}

export function sumUp({ accepted, arrived, statuses, policyOf }: CrashBooks, policy: UnknownPolicy): CrashFigures {
  const numbers = [...accepted.keys()].filter((number) => policyOf(number) === policy);
  const copies = numbers.map((number) => arrived.get(number)?.length ?? 0);
  const countState = (state: string) =>
    numbers.filter((number) => statuses.get(number)?.deliveries[0]?.state === state).length;
  return {
    accepted: numbers.length,
    sent: countState('sent'),
    held: countState('held'),
    failed: countState('failed'),
    arrived: copies.filter((count) => count > 0).length,
    extraCopies: copies.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  };
}

const COLUMNS = ['accepted', 'arrived', 'extraCopies', 'sent', 'held', 'failed'] as const;

/** The figures of each policy, for people to read. */
export function tabulate(figures: Readonly<Record<UnknownPolicy, CrashFigures>>): string {
  const toLine = (title: string, cells: readonly (string | number)[]) =>
    title.padEnd(8) + cells.map((cell) => String(cell).padStart(13)).join('');
  const toRow = (policy: UnknownPolicy) =>
    toLine(
      policy,
      COLUMNS.map((column) => figures[policy][column]),
    );
  return [toLine('', COLUMNS), toRow('resend'), toRow('hold')].join('\n');
}
