// A poll in the store, beside the message that asks it.

import type { Poll } from '../domain/poll.ts';
import { createPollId, type PollId } from '../domain/poll-id.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Statements } from '../store/store.ts';
import { sealSecret } from './ballot-secret.ts';

/** A poll to be stored. */
export interface NewPoll {
  readonly poll: Poll;
  /** Made beforehand, because the message names it; made here when absent. */
  readonly publicId?: PollId;
  readonly producerId: number;
  /** Row id of who asked in a chat; undefined when a system did. */
  readonly askerPersonId?: number | undefined;
  /** Row id of the message with the question. */
  readonly notificationId: number;
  /** What seals the secret of an anonymous poll. */
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly nowMs: number;
}

/** @throws AppError `encryption_key_missing` for an anonymous one where there is no key that could keep its secret */
export async function storePoll(
  tx: Statements,
  { sealer, randomBytes, ...asked }: NewPoll,
): Promise<{ readonly id: number; readonly publicId: PollId }> {
  const { poll, nowMs, producerId, notificationId, askerPersonId = null } = asked;
  const publicId = asked.publicId ?? createPollId(nowMs, randomBytes);
  const secret = poll.isAnonymous ? sealSecret({ sealer, randomBytes, publicId }) : null;
  const row = { poll, publicId, producerId, askerPersonId, notificationId, secret, nowMs };
  return { id: await tx.polls.insert(row), publicId };
}
