// What a pressed button of a poll does.

import type { PressAnswer } from '../domain/press-answer.ts';
import type { Pressed } from '../store/turn.ts';
import { closeByHand } from './close-by-hand.ts';
import { refreshPoll, type VoteParts, vote } from './vote.ts';

/** @returns undefined for what is of no poll */
export async function pressPoll(parts: VoteParts, pressed: Pressed): Promise<PressAnswer | undefined> {
  const { bellhop }: { bellhop?: unknown } = Object(pressed.data);
  switch (bellhop) {
    case 'vote':
      return vote(parts, pressed);
    case 'refreshPoll':
      return refreshPoll(parts, pressed);
    case 'closePoll':
      return closeByHand(pressed);
    default:
      return undefined;
  }
}
