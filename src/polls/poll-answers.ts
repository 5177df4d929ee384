// What producers are shown of their polls.

import { z } from 'zod';
import { type AnswerOf, nextCursor, quantity, shownInstant, toInstant } from '../domain/answer.ts';
import type { PollResult } from '../domain/poll.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { NamedVote } from '../store/statements/votes.ts';

const listed = z.object({
  id: z.string().meta({ examples: ['pol_01M82G2CA6970BYVNE96CZQK45'] }),
  question: z.string(),
  several: z.boolean(),
  anonymous: z.boolean(),
  state: z.enum(['open', 'closed']),
  createdAt: shownInstant,
  closesAt: shownInstant.nullable().describe('When it closes by itself; null when it is closed by hand.'),
  closedAt: shownInstant.nullable(),
});

/** A page. */
export const pollList = z
  .object({ polls: z.array(listed.meta({ id: 'ListedPoll', description: 'A poll in a list.' })), nextCursor })
  .meta({ id: 'PollList', description: 'Polls of the producer, newest first.' });
export type PollList = AnswerOf<typeof pollList>;

/** A poll as its producer sees it. */
export const pollView = listed
  .extend({
    choices: z
      .array(
        z.object({
          text: z.string(),
          votes: quantity
            .nullable()
            .describe('Null while fewer than three have voted in an anonymous poll that is open.'),
        }),
      )
      .describe('In the order in which they were asked.'),
    voters: quantity.describe('How many people have voted.'),
  })
  .meta({ id: 'Poll', description: 'A poll, with the votes that are counted at this moment.' });
export type PollView = AnswerOf<typeof pollView>;

const namedVote = z
  .object({
    name: z.string().nullable().describe('As Teams shows the person; null where it did not tell.'),
    person: z.string().nullable().describe('`aad:` and the Entra object id, as in `to`; null where it is not known.'),
    choices: z.array(z.string()),
  })
  .meta({ id: 'PollVote', description: 'What one person chose.' });

/** A page. */
export const voteList = z
  .object({ votes: z.array(namedVote), nextCursor })
  .meta({ id: 'PollVoteList', description: 'Who chose what, in no particular order.' });
export type VoteList = AnswerOf<typeof voteList>;

/** Pure. */
export function toListed({ publicId, poll, createdAtMs, closedAtMs }: PollRow): PollList['polls'][number] {
  return {
    id: publicId,
    question: poll.question,
    several: poll.isSeveral,
    anonymous: poll.isAnonymous,
    state: closedAtMs === null ? 'open' : 'closed',
    createdAt: toInstant(createdAtMs),
    closesAt: poll.closesAtMs === undefined ? null : toInstant(poll.closesAtMs),
    closedAt: closedAtMs === null ? null : toInstant(closedAtMs),
  };
}

/** Pure. */
export function toView(row: PollRow, { counts, voters }: PollResult): PollView {
  const choices = row.poll.choices.map((text, choice) => ({ text, votes: counts[choice] ?? null }));
  return { ...toListed(row), choices, voters };
}

/** Pure. @param texts of all choices */
export function toVote({ name, aadObjectId, choices }: NamedVote, texts: readonly string[]): VoteList['votes'][number] {
  return {
    name,
    person: aadObjectId === null ? null : `aad:${aadObjectId}`,
    choices: choices.flatMap((choice) => texts[choice] ?? []),
  };
}
