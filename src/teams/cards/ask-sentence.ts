// What the bot answers to what people choose, in one short sentence.

import type { BotAnswer } from '../../domain/bot-answer.ts';
import { assertNever } from '../../domain/errors.ts';
import { PLACE_COMMANDS } from './commands.ts';
import type { Voice } from './voice.ts';

/** The answers to what was asked. */
export type AskAnswer = Extract<
  BotAnswer,
  {
    readonly kind:
      | 'acknowledged'
      | 'responded'
      | 'askClosed'
      | 'badInput'
      | 'voted'
      | 'badVote'
      | 'pollClosed'
      | 'pollUsage'
      | 'pollLimit'
      | 'pollNotAnonymous'
      | 'dialogOver';
  }
>;

/** To an acknowledgement, a choice, a vote. */
export function askSentence(answer: AskAnswer, { texts, quoted, named }: Voice): string {
  const { asks, polls, dialogs } = texts.answers;
  switch (answer.kind) {
    case 'acknowledged':
      return asks.acknowledged;
    case 'responded':
      return asks.youChose(quoted(answer.title));
    case 'askClosed':
      return asks.isOver;
    case 'badInput':
      return asks.badInput(quoted(answer.label));
    case 'voted':
      return polls.voted(texts.listed(answer.choices.map(named)));
    case 'badVote':
      return answer.isSeveral ? polls.chooseSome : polls.chooseOne;
    case 'pollClosed':
      return polls.closed;
    case 'pollUsage':
      return polls.usage(named(PLACE_COMMANDS.poll));
    case 'pollLimit':
      return texts.pollLimit(answer.perHour);
    case 'pollNotAnonymous':
      return polls.noKey;
    case 'dialogOver':
      return dialogs.isOver;
    default:
      return assertNever(answer);
  }
}
