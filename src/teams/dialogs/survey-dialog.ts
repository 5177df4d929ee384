// A survey as a dialog of the SDK: which question comes after which, and the way back.

import type { DialogContext, DialogReason, DialogTurnResult } from 'botbuilder-dialogs';
import type { DialogAnswer, DialogDefinition, DialogQuestion } from '../../domain/dialog.ts';
import { questionAfter } from '../../domain/dialog-answer.ts';
import { type DialogsSdk, type QuestionResult, questionDialogId } from './question-dialog.ts';

/** Where a survey stands, as the SDK keeps it. */
export interface SurveyState {
  /** The ids of the questions that were asked, the open one last. */
  path: readonly string[];
  /** Of the questions before the open one, in their order. */
  answers: readonly (readonly [string, DialogAnswer])[];
}

/** The name of the survey among its dialogs. */
export const SURVEY_ID = 'survey';

/** Gives the class: the one that it extends is not there before the package is. */
export function defineSurveyDialog(sdk: DialogsSdk) {
  return class SurveyDialog extends sdk.Dialog {
    readonly #definition: DialogDefinition;

    constructor(definition: DialogDefinition) {
      super(SURVEY_ID);
      this.#definition = definition;
    }

    override async beginDialog(dc: DialogContext): Promise<DialogTurnResult> {
      return goOn(dc, { path: [], answers: [] }, this.#definition.questions[0]);
    }

    override async resumeDialog(
      dc: DialogContext,
      _: DialogReason,
      result?: QuestionResult,
    ): Promise<DialogTurnResult> {
      const state: SurveyState = dc.activeDialog?.state;
      const question = this.#find(state.path.at(-1));
      if (!question || result?.kind !== 'answer') {
        return this.#goBack(dc, state);
      }
      const answers = [...state.answers, [question.id, result.answer] as const];
      return goOn(dc, { ...state, answers }, questionAfter(this.#definition, question, result.answer));
    }

    /** The question before the open one is asked again, as if it had never been answered; the first one stays. */
    #goBack(dc: DialogContext, { path, answers }: SurveyState): Promise<DialogTurnResult> {
      const left = path.slice(0, Math.max(0, path.length - 2));
      return goOn(dc, { path: left, answers: answers.slice(0, left.length) }, this.#find(path[left.length]));
    }

    #find(id: string | undefined): DialogQuestion | undefined {
      return this.#definition.questions.find((question) => question.id === id);
    }
  };
}

/** Asks the question; without one the survey is over. */
async function goOn(
  dc: DialogContext,
  { path, answers }: SurveyState,
  question: DialogQuestion | undefined,
): Promise<DialogTurnResult> {
  const state: SurveyState = { path: question ? [...path, question.id] : path, answers };
  Object.assign(dc.activeDialog?.state, state);
  return question ? dc.beginDialog(questionDialogId(question)) : dc.endDialog(state);
}
