// The ballot of one person: where it is, and putting another one in its place.

import { AppError } from '../domain/errors.ts';
import type { Sealer } from '../domain/seal.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Statements } from '../store/store.ts';
import { ballotKey, openSecret } from './ballot-secret.ts';

/** What finding a ballot takes. */
export interface BallotParts {
  readonly sealer: Pick<Sealer, 'unseal'>;
}

/** Somebody, in a poll. */
export interface Voter {
  readonly tx: Statements;
  readonly row: PollRow;
  /** Row id. */
  readonly personId: number;
}

/**
 * What they chose; undefined when they have not voted, and in an anonymous poll that is closed: nobody knows it then.
 */
export async function readOwn(parts: BallotParts, voter: Voter): Promise<readonly number[] | undefined> {
  const keys = await findKeys(parts, voter);
  const [ballot] = keys.length === 0 ? [] : await voter.tx.polls.listBallots(voter.row.id, keys);
  return ballot?.choices;
}

/**
 * Their only one, whatever they chose before: of two presses at the same time the later one is what they chose, because
 * both are for the same key.
 *
 * @throws AppError `encryption_key_missing`
 */
export async function putOwn(parts: BallotParts, voter: Voter, choices: readonly number[]): Promise<void> {
  const { tx, row, personId } = voter;
  const [key, ...others] = await findKeys(parts, voter);
  if (key === undefined) {
    throw new AppError('internal', 'Somebody votes of whom nothing is known');
  }
  if (others.length > 0) {
    await tx.polls.deleteBallots(row.id, others);
  }
  await tx.polls.putBallot(row.id, { key, choices });
  await tx.polls.insertVoter(row.id, personId, row.poll.isAnonymous ? null : key);
}

/** Under which keys their ballot may be, the best one first; none where nobody can tell. */
async function findKeys(parts: BallotParts, { tx, row, personId }: Voter): Promise<readonly string[]> {
  if (!row.poll.isAnonymous) {
    return [`person ${personId}`];
  }
  if (row.secret === null) {
    return [];
  }
  const secret = openSecret(parts.sealer, row.secret, row.publicId);
  if (secret === undefined) {
    throw new AppError(
      'encryption_key_missing',
      'The secret of an anonymous poll was sealed with a key that is neither ENCRYPTION_KEY nor ENCRYPTION_KEY_PREVIOUS',
    );
  }
  // Not by the row, which is another one for somebody who was erased and came back: they have voted already.
  const { ids = {} } = (await tx.tells.findPerson(personId)) ?? {};
  return [ids.aadObjectId, ids.teamsUserId].flatMap((id) => (id === undefined ? [] : ballotKey(secret, id)));
}
