// What somebody has chosen, for the card in their chat.

import { AppError } from '../domain/errors.ts';
import { type BallotParts, readOwn, type Voter } from './own-ballot.ts';

/** @returns undefined also when the key is gone with which the secret of the poll was sealed: its cards still go out */
export async function readOwnToShow(parts: BallotParts, voter: Voter): Promise<readonly number[] | undefined> {
  try {
    return await readOwn(parts, voter);
  } catch (error) {
    if (error instanceof AppError && error.code === 'encryption_key_missing') {
      return undefined;
    }
    throw error;
  }
}
