// Erasing what has been kept for its time: what notifications said, and later that there were any.

import { type Clock, pause } from '../domain/clock.ts';
import { type EndedNotification, eraseContents } from '../store/erase-contents.ts';
import { lifecycleLock, RETENTION_LOCK } from '../store/locks.ts';
import type { KeptNotification } from '../store/statements/retention.ts';
import type { Statements, Store } from '../store/store.ts';
import { readBroadcastEnd } from './broadcast-end.ts';

/** What erasing works on. */
export interface RetentionDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Ends it early, between two transactions; the next round goes on there. */
  readonly signal: AbortSignal;
}

/** How long something is kept after the last delivery of its notification has ended. */
export interface RetentionRules {
  /** What it said, and whom its producer named; and dialogs with their answers, from their end. */
  readonly contentMs: number;
  /** Notification, deliveries and attempts; at least as long. */
  readonly metadataMs: number;
}

/** What one round has done. */
export interface RetentionCounts {
  readonly contents: number;
  /** Had their turn, and are kept because something of them is open or ended late. */
  readonly passedOver: number;
  readonly notifications: number;
  readonly deliveries: number;
  readonly attempts: number;
  readonly dialogs: number;
}

/** A transaction is to hold the write lock of SQLite for some milliseconds only: 50 notifications have 5 000 deliveries. */
const NOTIFICATIONS_AT_ONCE = 50;
const DELIVERIES_AT_ONCE = 500;
/** Content that is overwritten in one transaction, bytes. */
const MAX_BYTES_AT_ONCE = 1_000_000;
/** Between two transactions, so that those who send are served. */
const PAUSE_MS = 10;

/** Erases all that is due. What it has done stays done, whenever it is ended. @throws AppError `store_unavailable` */
export async function eraseOldData(deps: RetentionDeps, rules: RetentionRules): Promise<RetentionCounts> {
  const again = await inBatches(deps, () => eraseWhatWasPassedOver(deps, rules.contentMs));
  const first = await inBatches(deps, () => eraseNextContents(deps, rules.contentMs));
  const metadata = await inBatches(deps, () => deleteMetadata(deps, rules.metadataMs));
  const dialogs = await inBatches(deps, () => deleteDialogs(deps, rules.contentMs));
  return [again, first, metadata, dialogs].reduce(add);
}

const NOTHING: RetentionCounts = {
  contents: 0,
  passedOver: 0,
  notifications: 0,
  deliveries: 0,
  attempts: 0,
  dialogs: 0,
};

/** Repeats `batch` until it finds nothing more. */
async function inBatches(
  { clock, signal }: RetentionDeps,
  batch: () => Promise<RetentionCounts | undefined>,
): Promise<RetentionCounts> {
  let counts = NOTHING;
  while (!signal.aborted) {
    const done = await batch();
    if (!done) {
      break;
    }
    counts = add(counts, done);
    await pause(clock, PAUSE_MS, signal);
  }
  return counts;
}

async function eraseWhatWasPassedOver(deps: RetentionDeps, contentMs: number): Promise<RetentionCounts | undefined> {
  const nowMs = deps.clock.nowMs();
  const due = fitting(await deps.store.read.retention.listPassedOver(nowMs, NOTIFICATIONS_AT_ONCE));
  return due.length === 0 ? undefined : eraseBatch(deps, due, { contentMs });
}

/** Goes through all notifications in the order of their coming, each once. */
async function eraseNextContents(deps: RetentionDeps, contentMs: number): Promise<RetentionCounts | undefined> {
  const { store, clock } = deps;
  const nowMs = clock.nowMs();
  const after = await store.read.retention.getCursor();
  const next = await store.read.retention.listAfter(after, NOTIFICATIONS_AT_ONCE);
  const firstYoung = next.findIndex(({ createdAtMs }) => createdAtMs > nowMs - contentMs && createdAtMs <= nowMs);
  const old = fitting(firstYoung === -1 ? next : next.slice(0, firstYoung));
  return old.length === 0 ? undefined : eraseBatch(deps, old, { contentMs, after });
}

/** As many as may be overwritten at once, and one in any case. */
function fitting(notifications: readonly KeptNotification[]): readonly KeptNotification[] {
  let bytes = 0;
  const firstTooMany = notifications.findIndex((one, index) => {
    bytes += one.bytes;
    return index > 0 && bytes > MAX_BYTES_AT_ONCE;
  });
  return firstTooMany === -1 ? notifications : notifications.slice(0, firstTooMany);
}

interface Turn {
  readonly contentMs: number;
  /** Where the cursor stood, when this is about those behind it. */
  readonly after?: number;
}

async function eraseBatch(
  deps: RetentionDeps,
  notifications: readonly KeptNotification[],
  { contentMs, after }: Turn,
): Promise<RetentionCounts> {
  const { store, clock } = deps;
  const broadcasts = await readBroadcasts(deps, notifications);
  return store.write(async (tx) => {
    await tx.locks.take(RETENTION_LOCK);
    // Another process was faster.
    if (after !== undefined && (await tx.retention.getCursor()) !== after) {
      return NOTHING;
    }
    const nowMs = clock.nowMs();
    const ends = new Map([...broadcasts, ...(await readEnds(tx, notifications, nowMs))]);
    const endOf = ({ id, createdAtMs, isSpreading }: KeptNotification) =>
      createdAtMs > nowMs || isSpreading ? nowMs : Math.max(createdAtMs, ends.get(id)?.lastMs ?? 0);
    const isDue = (one: KeptNotification) => endOf(one) + contentMs <= nowMs;
    const due = notifications.filter(isDue).map((one) => ({ id: one.id, endedAtMs: endOf(one) }));
    await eraseAll(tx, due, ends);
    const kept = notifications.filter((one) => !isDue(one));
    for (const one of kept) {
      await tx.retention.passOver(one.id, endOf(one) + contentMs);
    }
    if (after !== undefined) {
      await tx.retention.setCursor(notifications.at(-1)?.id ?? after);
    }
    return { ...NOTHING, contents: due.length, passedOver: kept.length };
  });
}

/** How the deliveries of a notification stand. */
interface End {
  /** When the last one ended; now when one has not. */
  readonly lastMs: number;
  /** Of a broadcast: those that were named besides. */
  readonly namedIds?: readonly number[];
}

async function readEnds(
  tx: Statements,
  notifications: readonly KeptNotification[],
  nowMs: number,
): Promise<ReadonlyMap<number, End>> {
  const ids = notifications.filter(({ isBroadcast }) => !isBroadcast).map(({ id }) => id);
  const ends = await tx.retention.summarise(ids);
  return new Map(
    ends.map(({ notificationId, lastMs, open }) => [notificationId, { lastMs: open > 0 ? nowMs : lastMs }]),
  );
}

/** Before the transaction, because it may take long. */
async function readBroadcasts(
  { store, clock, signal }: RetentionDeps,
  notifications: readonly KeptNotification[],
): Promise<ReadonlyMap<number, End>> {
  const ends = new Map<number, End>();
  for (const { id, isBroadcast, isSpreading } of notifications) {
    if (isBroadcast) {
      const nowMs = clock.nowMs();
      const end = isSpreading
        ? undefined
        : await readBroadcastEnd(store.read, id, () => pause(clock, PAUSE_MS, signal));
      ends.set(id, end ?? { lastMs: nowMs });
    }
  }
  return ends;
}

async function eraseAll(
  tx: Statements,
  due: readonly EndedNotification[],
  ends: ReadonlyMap<number, End>,
): Promise<void> {
  await eraseContents(tx, due);
  const named = due.map(({ id }) => ({ id, deliveryIds: ends.get(id)?.namedIds }));
  await tx.retention.eraseRecipientsOf(named.filter((one) => one.deliveryIds === undefined).map(({ id }) => id));
  await tx.retention.eraseRecipients(named.flatMap((one) => one.deliveryIds ?? []));
}

async function deleteMetadata(
  { store, clock }: RetentionDeps,
  metadataMs: number,
): Promise<RetentionCounts | undefined> {
  const ids = await store.read.retention.listEnded(clock.nowMs() - metadataMs, NOTIFICATIONS_AT_ONCE);
  if (ids.length === 0) {
    return undefined;
  }
  return store.write(async (tx) => {
    await tx.locks.take(RETENTION_LOCK);
    const deleted = await tx.retention.deleteDeliveries(ids, DELIVERIES_AT_ONCE);
    if (deleted.deliveries === DELIVERIES_AT_ONCE) {
      return { ...NOTHING, ...deleted };
    }
    return { ...NOTHING, ...deleted, notifications: await deleteNotifications(tx, ids) };
  });
}

/** Questions and answers are content: nothing is left of a dialog without them. */
async function deleteDialogs({ store, clock }: RetentionDeps, keptMs: number): Promise<RetentionCounts | undefined> {
  const beforeMs = clock.nowMs() - keptMs;
  const dialogs = await store.write((tx) => tx.dialogs.deleteEndedBefore(beforeMs, NOTIFICATIONS_AT_ONCE));
  return dialogs === 0 ? undefined : { ...NOTHING, dialogs };
}

/** With the polls that they asked, and the keys that nothing is left of. */
async function deleteNotifications(tx: Statements, ids: readonly number[]): Promise<number> {
  const keys = await tx.retention.listKeysOf(ids);
  await tx.polls.deleteOfNotifications(ids);
  const notifications = await tx.retention.deleteNotifications(ids);
  for (const key of keys) {
    await tx.locks.take(lifecycleLock(key));
  }
  await tx.retention.deleteEmptyKeys(keys.map(({ id }) => id));
  return notifications;
}

function add(left: RetentionCounts, right: RetentionCounts): RetentionCounts {
  return {
    contents: left.contents + right.contents,
    passedOver: left.passedOver + right.passedOver,
    notifications: left.notifications + right.notifications,
    deliveries: left.deliveries + right.deliveries,
    attempts: left.attempts + right.attempts,
    dialogs: left.dialogs + right.dialogs,
  };
}
