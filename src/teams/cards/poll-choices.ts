// What can be pressed on a poll: a button for each choice while they are few and short, else a list and one button.

import { clip } from '../../domain/literal.ts';
import type { PollView } from '../../domain/poll.ts';
import { fieldElement } from './ask-field.ts';
import type { CardElement } from './card-activity.ts';
import { isolate } from './direction.ts';
import { pressAction, toTitle } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** How much of a poll is shown. */
export interface PollForm {
  readonly questionLength: number;
  readonly choiceLength: number;
  /** Where there is room for bars, there is also for what old clients send. */
  readonly hasBars: boolean;
}

/** Teams' store rule allows six actions on a card. */
const MAX_BUTTONS = 5;

/** Teams cuts longer titles of buttons. */
const MAX_BUTTON_LENGTH = 40;

/** Whether the reader can vote on this very card. */
export function isVotable({ result, isResult }: PollView): boolean {
  return !isResult && result?.isClosed !== true;
}

function hasButtons({ choices, isSeveral }: PollView['poll']): boolean {
  return !isSeveral && choices.length <= MAX_BUTTONS && choices.every(({ length }) => length <= MAX_BUTTON_LENGTH);
}

/** The list, where there is one. */
export function pollField(view: PollView, { choiceLength }: PollForm, texts: CardTexts): readonly CardElement[] {
  const { poll, own = [] } = view;
  if (!isVotable(view) || hasButtons(poll)) {
    return [];
  }
  const field = {
    ...({ kind: 'choice', isRequired: true, isSeveral: poll.isSeveral } as const),
    label: poll.isSeveral ? texts.answers.polls.several : texts.answers.asks.fields.choice,
    choices: poll.choices.map((choice, at) => ({ title: clip(choice, choiceLength), value: String(at) })),
    value: own.length > 0 ? own.join(',') : undefined,
  };
  return [fieldElement(field, texts)];
}

/** What whoever reads it can do. */
export function pollActions(view: PollView, { hasBars }: PollForm, texts: CardTexts): readonly CardElement[] {
  const { id, poll, own = [], result, isResult } = view;
  const { vote, changeVote, close } = texts.answers.polls;
  const isBare = !hasBars;
  if (isResult && !result?.isClosed) {
    return [pressAction(close, { bellhop: 'closePoll', poll: id }, { isBare })];
  }
  if (!isVotable(view)) {
    return [];
  }
  if (!hasButtons(poll)) {
    return [pressAction(own.length > 0 ? changeVote : vote, { bellhop: 'vote', poll: id }, { isBare })];
  }
  return poll.choices.map((choice, at) => {
    const title = isolate(toTitle(choice), texts);
    return pressAction(own.includes(at) ? `✓ ${title}` : title, { bellhop: 'vote', poll: id, choice: at }, { isBare });
  });
}
