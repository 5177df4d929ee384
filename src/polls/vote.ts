// Voting: a press counts for whoever pressed it, once, and shows them what they chose.

import type { PollView } from '../domain/poll.ts';
import { POLL_LIMITS } from '../domain/poll.ts';
import { isPollId } from '../domain/poll-id.ts';
import { INPUT_ID } from '../domain/press.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import { pollLock } from '../store/locks.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Pressed } from '../store/turn.ts';
import { decideVote } from './decide-vote.ts';
import { type BallotParts, putOwn, readOwn } from './own-ballot.ts';
import type { ReadSharedResult } from './shared-result.ts';
import { showVote } from './show-vote.ts';

/** What voting takes. */
export interface VoteParts extends BallotParts {
  readonly readResult: ReadSharedResult;
}

/** Somebody who was asked, and the poll. */
interface Asked {
  readonly pressed: Pressed & { readonly personId: number };
  readonly row: PollRow;
}

const sentence = (kind: 'notYours' | 'unknownPerson' | 'pollClosed'): PressAnswer => ({
  kind: 'sentence',
  answer: { kind },
});

/** @throws AppError `encryption_key_missing` when the poll is anonymous and its secret cannot be opened */
export async function vote(parts: VoteParts, pressed: Pressed): Promise<PressAnswer> {
  const { tx, nowMs, data } = pressed;
  const publicId = pollOf(data);
  if (publicId === undefined || pressed.personId === undefined) {
    return sentence(publicId === undefined ? 'notYours' : 'unknownPerson');
  }
  // Before the poll is read: what was read holds until the vote is counted.
  await tx.locks.share(pollLock(publicId));
  const asked = await findAsked({ ...pressed, personId: pressed.personId }, publicId);
  if (!asked) {
    return sentence('notYours');
  }
  const decision = decideVote(asked.row, readPress(data), nowMs);
  switch (decision.kind) {
    case 'closed':
      return sentence('pollClosed');
    case 'bad':
      return { kind: 'sentence', answer: { kind: 'badVote', isSeveral: asked.row.poll.isSeveral } };
    case 'vote':
      await count(parts, asked, decision.choices);
      return { kind: 'poll', view: await viewOf(parts, asked, decision.choices) };
  }
}

/** The poll as whoever asks is to see it now; the client asks for it by itself. */
export async function refreshPoll(parts: VoteParts, pressed: Pressed): Promise<PressAnswer> {
  const publicId = pollOf(pressed.data);
  if (publicId === undefined || pressed.personId === undefined) {
    return sentence(publicId === undefined ? 'notYours' : 'unknownPerson');
  }
  const asked = await findAsked({ ...pressed, personId: pressed.personId }, publicId);
  return asked
    ? { kind: 'poll', view: await viewOf(parts, asked, await readOwn(parts, { ...asked.pressed, row: asked.row })) }
    : sentence('notYours');
}

/**
 * What they chose; and the results where everybody sees them: once it is closed, or on a card that many read. In a chat
 * of their own nobody votes as the others did.
 */
async function viewOf(
  { readResult }: VoteParts,
  { row, pressed }: Asked,
  own: readonly number[] | undefined,
): Promise<PollView> {
  const isShared = pressed.event.scope !== 'personal';
  const result = row.result ?? (isShared ? await readResult(pressed.tx, row, pressed.nowMs) : undefined);
  return { id: row.publicId, poll: row.poll, ...(own && { own }), ...(result && { result }) };
}

async function count(parts: BallotParts, { row, pressed }: Asked, choices: readonly number[]): Promise<void> {
  const { tx, nowMs, conversationId } = pressed;
  await putOwn(parts, { ...pressed, row }, choices);
  if (row.editDueAtMs === null) {
    await tx.polls.setEditDue(row.id, nextEditMs(row, nowMs));
  }
  if (pressed.event.scope === 'personal') {
    await showVote(tx, { notificationId: row.notificationId, conversationId, nowMs });
  }
}

/** When the cards of a poll may be edited next. Pure. */
export function nextEditMs({ editedAtMs }: Pick<PollRow, 'editedAtMs'>, nowMs: number): number {
  return Math.max(nowMs, editedAtMs + POLL_LIMITS.editIntervalMs);
}

/** @returns undefined for somebody who did not get the poll, and presses where it was not posted */
async function findAsked(pressed: Asked['pressed'], publicId: string): Promise<Asked | undefined> {
  const { tx, personId, conversationId, placeId } = pressed;
  const row = await tx.polls.findFor({ publicId, personId, conversationId, placeId });
  return row && { pressed, row };
}

/** The poll that a press names; undefined for what is no id. Pure. */
export function pollOf(data: unknown): string | undefined {
  const named = typeof data === 'object' && data !== null && 'poll' in data ? data.poll : undefined;
  return isPollId(named) ? named : undefined;
}

function readPress(data: unknown): Parameters<typeof decideVote>[1] {
  const fields = new Map(Object.entries(Object(data)));
  return { choice: fields.get('choice'), input: fields.get(INPUT_ID) };
}
