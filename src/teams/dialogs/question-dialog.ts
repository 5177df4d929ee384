// One question as a dialog of the SDK: it asks until it has an answer, or somebody goes back.

import type { TurnContext } from 'botbuilder';
import type { DialogContext, DialogTurnResult } from 'botbuilder-dialogs';
import type { DialogAnswer, DialogProblem, DialogQuestion } from '../../domain/dialog.ts';
import { type DialogInput, readAnswer } from '../../domain/dialog-answer.ts';

/** The package, which is loaded when it is used first: it takes most of a second, and memory. */
export type DialogsSdk = typeof import('botbuilder-dialogs');

/** What a question gives to whoever began it. */
export type QuestionResult = { readonly kind: 'answer'; readonly answer: DialogAnswer } | { readonly kind: 'back' };

/** What a question says. */
export interface Asking {
  readonly problem?: DialogProblem;
}

/** The name of a question among the dialogs of a survey. */
export function questionDialogId({ id }: Pick<DialogQuestion, 'id'>): string {
  return `question:${id}`;
}

/** Gives the class: the one that it extends is not there before the package is. */
export function defineQuestionDialog(sdk: DialogsSdk) {
  return class QuestionDialog extends sdk.Dialog {
    readonly #question: DialogQuestion;

    constructor(question: DialogQuestion) {
      super(questionDialogId(question));
      this.#question = question;
    }

    override async beginDialog(dc: DialogContext): Promise<DialogTurnResult> {
      await say(dc.context, {});
      return sdk.Dialog.EndOfTurn;
    }

    override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
      const input: DialogInput = dc.context.activity.value;
      // Cancelling is for whoever began the survey.
      if (input.kind === 'back' || input.kind === 'cancel') {
        return dc.endDialog({ kind: 'back' } satisfies QuestionResult);
      }
      const read = readAnswer(this.#question, input);
      if (read.kind === 'answer') {
        return dc.endDialog(read satisfies QuestionResult);
      }
      await say(dc.context, { problem: read.problem });
      return sdk.Dialog.EndOfTurn;
    }
  };
}

async function say(context: TurnContext, asking: Asking): Promise<void> {
  await context.sendActivity({ type: 'event', name: 'question', value: asking });
}
