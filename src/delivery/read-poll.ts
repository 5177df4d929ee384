// How a poll stands, as the message that goes out is to show it.

import type { MessageContent } from '../domain/notification.ts';
import type { PollView } from '../domain/poll.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { readPollResult } from '../store/poll-result.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Statements } from '../store/store.ts';

/** Somebody, in a poll. */
export interface Voter {
  readonly tx: Statements;
  readonly row: PollRow;
  /** Row id. */
  readonly personId: number;
}

/** The port by which it is found what somebody has chosen. @returns undefined when they have not, or nobody can tell */
export type ReadOwnVote = (voter: Voter) => Promise<readonly number[] | undefined>;

/** A poll that is to be shown. */
export interface PollReading {
  /** As it was stored. */
  readonly view: PollView;
  readonly claimed: ClaimedDelivery;
  readonly readOwnVote: ReadOwnVote | undefined;
}

/** What the message tells in the place of what was stored. */
export interface PollAnswers {
  readonly content?: MessageContent;
  /** Whose clients fetch a view of their own, `29:...`; nobody's when absent. */
  readonly refreshFor?: readonly string[];
}

/** So many people can have a view of their own of a card that many read. */
const MAX_REFRESHED = 60;

/**
 * A voter's own card shows what they chose, and how it ended; one that many read, and the results of whoever asked, how
 * it stands. A poll that is gone is shown as it was stored.
 */
export async function readPoll(tx: Statements, { view, ...reading }: PollReading): Promise<PollAnswers> {
  const row = await tx.polls.find(view.id);
  if (!row) {
    return {};
  }
  const { id, poll } = { id: row.publicId, poll: row.poll };
  if (view.isResult) {
    return { content: { kind: 'poll', view: { id, poll, result: await readPollResult(tx, row), isResult: true } } };
  }
  if (reading.claimed.isPersonal) {
    const own = await readOwn(tx, row, reading);
    const { result } = row;
    return { content: { kind: 'poll', view: { id, poll, ...(own && { own }), ...(result && { result }) } } };
  }
  return readShared(tx, row, reading);
}

async function readOwn(
  tx: Statements,
  row: PollRow,
  { claimed, readOwnVote }: Omit<PollReading, 'view'>,
): Promise<readonly number[] | undefined> {
  const personId = readOwnVote && (await tx.pollCards.findReader(claimed.conversationId));
  return personId === undefined ? undefined : readOwnVote?.({ tx, row, personId });
}

/** Whoever has voted sees what they chose; once it is closed, everybody sees the same. */
async function readShared(tx: Statements, row: PollRow, { claimed }: Omit<PollReading, 'view'>): Promise<PollAnswers> {
  const { tenantId } = claimed.target;
  const refreshFor = row.result ? [] : await tx.pollCards.listVoterIds(row.id, tenantId, MAX_REFRESHED);
  const view = { id: row.publicId, poll: row.poll, result: await readPollResult(tx, row) };
  return { content: { kind: 'poll', view }, ...(refreshFor.length > 0 && { refreshFor }) };
}
