// Closing a poll by its button: only whoever asked it.

import type { PressAnswer } from '../domain/press-answer.ts';
import type { Pressed } from '../store/turn.ts';
import { closePoll } from './close-poll.ts';
import { pollOf } from './vote.ts';

const NOT_YOURS: PressAnswer = { kind: 'sentence', answer: { kind: 'notYours' } };

/** Once more, it is answered the same. */
export async function closeByHand({ tx, nowMs, personId, data }: Pressed): Promise<PressAnswer> {
  const publicId = pollOf(data);
  const asked = publicId === undefined ? undefined : await tx.polls.find(publicId);
  if (!asked || personId === undefined || asked.askerPersonId !== personId) {
    return NOT_YOURS;
  }
  const { row } = (await closePoll(tx, { publicId: asked.publicId, nowMs })) ?? { row: asked };
  return {
    kind: 'poll',
    view: { id: row.publicId, poll: row.poll, ...(row.result && { result: row.result }), isResult: true },
  };
}
