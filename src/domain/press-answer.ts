// What is answered to a pressed button.

import type { AskView } from './ask.ts';
import type { BotAnswer } from './bot-answer.ts';
import type { AnsweredView, QuestionView } from './dialog.ts';
import type { LifecycleView } from './lifecycle.ts';
import type { EventContent, MentionedPerson } from './notification.ts';
import type { PollView } from './poll.ts';

/** What is said to a pressed button: a sentence that Teams shows for a moment, or a card in the place of the pressed one. */
export type PressAnswer =
  | { readonly kind: 'retiredButton' }
  | { readonly kind: 'sentence' | 'card'; readonly answer: BotAnswer }
  /** The poll, as whoever pressed sees it now, in the place of the pressed card. */
  | { readonly kind: 'poll'; readonly view: PollView }
  /** The notification, as whoever pressed sees it now, in the place of the pressed card. */
  | {
      readonly kind: 'ask';
      readonly content: EventContent;
      readonly asked: AskView;
      /** Epoch milliseconds. */
      readonly acceptedAtMs: number;
      /** The life of what it is about, if it has a key. */
      readonly lifecycle?: LifecycleView;
      readonly mentions: readonly MentionedPerson[];
      /** Public id. */
      readonly notification: string;
    }
  /** The same question with what is wrong about the answer, in the place of the pressed card. */
  | { readonly kind: 'question'; readonly view: QuestionView }
  | { readonly kind: 'answered'; readonly view: AnsweredView };
