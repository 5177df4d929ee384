// The commands for what did not arrive or has not gone out: list, redeliver, cancel. They see all producers.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Cancelled, cancelNotification, cancelOne } from '../delivery/cancel.ts';
import { type Redelivered, redeliverNotification, redeliverOne, redeliverRange } from '../delivery/redeliver.ts';
import type { Clock } from '../domain/clock.ts';
import { UNDELIVERED_STATES, type UndeliveredState } from '../domain/delivery.ts';
import { parseDeliveryId, toDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure, FAILURE_REASONS } from '../domain/failure-reason.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import type { UndeliveredFilter, UndeliveredPlace, UndeliveredRow } from '../store/statements/undelivered.ts';
import type { Store } from '../store/store.ts';
import { readUndeliveredPage } from '../store/undelivered-page.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { parseInstant, parseTtl } from './time-arguments.ts';

/** What the commands work with. */
export interface DeliveryCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: { readonly store: Store; readonly clock: Clock }) => Promise<T>): Promise<T>;
  print(text: string): void;
}

interface FilterOptions {
  readonly state?: UndeliveredState;
  readonly reason?: string;
  readonly producer?: string;
  readonly notification?: string;
  readonly since?: number;
  readonly until?: number;
}

/** Adds them below `command`. */
export function addDeliveryCommands(command: Command, tools: DeliveryCommandTools): void {
  addFilterOptions(command.command('list').description('list what failed, is held or expired, newest first'))
    .option('--limit <n>', 'at most this many', parseLimit, 50)
    .action((options: FilterOptions & { readonly limit: number }) => list(tools, options));
  addFilterOptions(command.command('redeliver [ids...]').description('send again what failed, is held or expired'))
    .addOption(
      new Option('--ttl <time>', 'how long it is worth trying from now on')
        .argParser(parseTtl)
        .default(LIMITS.defaultTtlMs, '24h'),
    )
    .action((ids: readonly string[], { ttl, ...options }: FilterOptions & { readonly ttl: number }) =>
      redeliver(tools, { ids, options, ttlMs: ttl }),
    );
  command
    .command('cancel [ids...]')
    .description('withdraw what has not gone out')
    .option('--notification <id>', 'everything of this notification that waits; ends a broadcast')
    .action((ids: readonly string[], { notification }: { readonly notification?: string }) =>
      cancel(tools, ids, notification),
    );
}

function addFilterOptions(command: Command): Command {
  return command
    .addOption(new Option('--state <state>', 'only in this state').choices(UNDELIVERED_STATES))
    .addOption(new Option('--reason <code>', 'only for this reason').choices(Object.keys(FAILURE_REASONS)))
    .option('--producer <name>', 'only of this producer')
    .option('--notification <id>', 'only of this notification')
    .option('--since <time>', 'only what ended since then: 30m, 2h, 7d ago, or 2026-01-31T08:00:00Z', parseInstant)
    .option('--until <time>', 'only what ended before then, in the same forms', parseInstant);
}

async function list(
  { withStore, print }: DeliveryCommandTools,
  { limit, ...options }: FilterOptions & { readonly limit: number },
): Promise<void> {
  const { rows, hasMore } = await withStore(async ({ store }) =>
    readUndelivered(store, await toFilter(store, options), limit),
  );
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))].sort();
  print(table([HEADINGS, ...rows.map(toCells)]));
  print(reasons.map((code) => `\n${code}: ${explainFailure(code)}`).join(''));
  print(rows.length === 0 ? 'Nothing.\n' : `\n${hasMore ? 'There are more; --limit shows them.\n' : ''}`);
}

async function readUndelivered(store: Store, filter: UndeliveredFilter, limit: number) {
  const rows: UndeliveredRow[] = [];
  let after: UndeliveredPlace | undefined;
  do {
    const page = await readUndeliveredPage(store.read, filter, { after, limit: limit - rows.length });
    rows.push(...page.rows);
    after = page.next;
  } while (after && rows.length < limit);
  return { rows, hasMore: after !== undefined };
}

const HEADINGS = ['ID', 'STATE', 'REASON', 'ENDED', 'ATTEMPTS', 'PRODUCER', 'NOTIFICATION', 'RECIPIENT'];

function toCells(row: UndeliveredRow): readonly string[] {
  return [
    toDeliveryId(row.id),
    row.state,
    row.reason ?? '-',
    new Date(row.updatedAtMs).toISOString(),
    String(row.attempts),
    row.producerName,
    row.notificationPublicId,
    row.recipient ?? '-',
  ];
}

function table(lines: readonly (readonly string[])[]): string {
  if (lines.length < 2) {
    return '';
  }
  const widths = HEADINGS.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

interface RedeliverWish {
  readonly ids: readonly string[];
  readonly options: FilterOptions;
  readonly ttlMs: number;
}

async function redeliver({ withStore, print }: DeliveryCommandTools, wish: RedeliverWish): Promise<void> {
  const { ids, options, ttlMs } = wish;
  requireOneWay(ids, Object.keys(options).length > 0);
  const { notification, ...others } = options;
  const results = await withStore(async ({ store, clock }) => {
    const deps = { store, clock, logger: silentLogger };
    if (ids.length > 0) {
      await requireKnown(store, ids);
      return eachInTurn(ids, (id) => redeliverOne(deps, { id }, ttlMs));
    }
    return notification !== undefined && Object.keys(others).length === 0
      ? [await redeliverNotification(deps, { id: notification }, ttlMs)]
      : [await redeliverRange(deps, await toFilter(store, options), ttlMs)];
  });
  const sum = (name: keyof Redelivered) => results.reduce((total, result) => total + (result[name] ?? 0), 0);
  print(`Put back into the queue: ${sum('redelivered')}.\n`);
  printIf(print, sum('untouched'), 'Left alone, because queued, on the way, sent or cancelled');
  printIf(print, sum('unreachable'), 'Failed for good, because the person has removed the bot');
  printIf(print, sum('contentErased'), 'Failed for good, because the content was erased');
}

async function cancel(
  { withStore, print }: DeliveryCommandTools,
  ids: readonly string[],
  notification: string | undefined,
): Promise<void> {
  requireOneWay(ids, notification !== undefined);
  const results = await withStore(async ({ store, clock }): Promise<readonly (Cancelled & Stopping)[]> => {
    const deps = { store, clock, logger: silentLogger };
    await requireKnown(store, ids);
    return notification === undefined
      ? eachInTurn(ids, (id) => cancelOne(deps, { id }))
      : [await cancelNotification(deps, { id: notification })];
  });
  print(`Cancelled: ${results.reduce((total, { cancelled }) => total + cancelled, 0)}.\n`);
  const untouched = results.reduce((total, result) => total + result.untouched, 0);
  printIf(print, untouched, 'Left alone, because on the way or at an end already');
  if (results.some(({ isBroadcastStopped }) => isBroadcastStopped)) {
    print('The broadcast reaches nobody else.\n');
  }
}

interface Stopping {
  readonly isBroadcastStopped?: boolean;
}

async function eachInTurn<T>(ids: readonly string[], act: (id: string) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const id of new Set(ids)) {
    results.push(await act(id));
  }
  return results;
}

function printIf(print: DeliveryCommandTools['print'], count: number, what: string): void {
  if (count > 0) {
    print(`${what}: ${count}.\n`);
  }
}

function requireOneWay(ids: readonly string[], hasFilter: boolean): void {
  if (ids.length > 0 === hasFilter) {
    throw new AppError('invalid_request', 'Expected either ids of deliveries or options that say which are meant');
  }
}

/** Before anything is done: one mistyped id must not leave half the work done. */
async function requireKnown({ read }: Store, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const rowId = parseDeliveryId(id);
    if (rowId === undefined || !(await read.undelivered.isKnown(rowId, undefined))) {
      throw new AppError(
        'not_found',
        `There is no delivery "${id}". \`delivery list\` shows the ids; nothing was done`,
      );
    }
  }
}

async function toFilter({ read }: Store, options: FilterOptions): Promise<UndeliveredFilter> {
  const { state, reason, since: sinceMs, until: untilMs, producer, notification } = options;
  const producerId = producer === undefined ? undefined : (await read.producers.findByName(producer))?.id;
  const notificationId =
    notification === undefined ? undefined : await read.notifications.findId(notification, undefined);
  if (
    (producer !== undefined && producerId === undefined) ||
    (notification !== undefined && notificationId === undefined)
  ) {
    throw new AppError('not_found', 'There is no such producer or notification');
  }
  return { state, reason, sinceMs, untilMs, producerId, notificationId };
}

function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 10_000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 10000.');
  }
  return limit;
}
