// Leads people through surveys on the SDK's dialogs: their state comes in and goes out as JSON, and nothing is sent.

import { type Activity, BotAdapter, type ResourceResponse, TurnContext } from 'botbuilder';
import type { DialogContext, DialogSet, DialogState } from 'botbuilder-dialogs';
import type { DialogRunner, DialogStep, DialogTurnBegin, DialogTurnEnd } from '../../dialogs/dialog-runner.ts';
import type { DialogAnswers, DialogDefinition } from '../../domain/dialog.ts';
import { AppError } from '../../domain/errors.ts';
import { readProgress, writeProgress } from './progress.ts';
import { type Asking, type DialogsSdk, defineQuestionDialog } from './question-dialog.ts';
import { defineSurveyDialog, SURVEY_ID, type SurveyState } from './survey-dialog.ts';

/** Loads the package when it is used first, or made ready. */
export function createDialogRunner(): DialogRunner {
  let loading: Promise<DialogTools> | undefined;
  const load = (): Promise<DialogTools> => {
    loading ??= import('botbuilder-dialogs').then(toTools);
    return loading;
  };
  return {
    async prepare() {
      await load();
    },
    async run(turn) {
      const state = readProgress(turn.progress, turn.definition);
      const { progress, answers } = turn;
      return state ? runTurn(await load(), turn, state) : { step: { kind: 'lost' }, progress, answers };
    },
  };
}

/** What is made of the package once. */
interface DialogTools {
  readonly sdk: DialogsSdk;
  createSet(definition: DialogDefinition): DialogSet;
}

function toTools(sdk: DialogsSdk): DialogTools {
  const SurveyDialog = defineSurveyDialog(sdk);
  const QuestionDialog = defineQuestionDialog(sdk);
  return {
    sdk,
    createSet(definition) {
      const set = new sdk.DialogSet().add(new SurveyDialog(definition));
      for (const question of definition.questions) {
        set.add(new QuestionDialog(question));
      }
      return set;
    },
  };
}

async function runTurn({ sdk, createSet }: DialogTools, turn: DialogTurnBegin, state: DialogState) {
  const { definition, input } = turn;
  const adapter = new SilentAdapter();
  const activity = { type: 'message', value: input } as const;
  const dc = new sdk.DialogContext(createSet(definition), new TurnContext(adapter, activity), state);
  if (dc.stack.length === 0) {
    await dc.beginDialog(SURVEY_ID);
  }
  if (input.kind === 'cancel') {
    const answers = toAnswers(surveyOf(dc));
    await dc.cancelAllDialogs();
    return end({ kind: 'cancelled' }, dc, answers);
  }
  const { result } = await dc.continueDialog();
  const survey = surveyOf(dc);
  const step = survey && toStep(definition, survey, adapter.asking);
  return step ? end(step, dc, toAnswers(survey)) : end({ kind: 'completed' }, dc, toAnswers(result));
}

function end(step: DialogStep, { stack }: DialogContext, answers: DialogAnswers): DialogTurnEnd {
  return { step, progress: writeProgress({ dialogStack: stack }), answers };
}

/** Where the survey stands; undefined when it is over. */
function surveyOf({ stack }: DialogContext): SurveyState | undefined {
  return stack.find(({ id }) => id === SURVEY_ID)?.state;
}

function toStep({ questions }: DialogDefinition, { path }: SurveyState, { problem }: Asking): DialogStep | undefined {
  const question = questions.find(({ id }) => id === path.at(-1));
  const place = { number: path.length, canGoBack: path.length > 1 };
  return question && { kind: 'ask', question, ...place, ...(problem !== undefined && { problem }) };
}

function toAnswers(survey: SurveyState | undefined): DialogAnswers {
  return Object.fromEntries(survey?.answers ?? []);
}

/** Keeps what was to be said last: what is sent goes through the delivery queue. */
class SilentAdapter extends BotAdapter {
  asking: Asking = {};

  async sendActivities(_context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    this.asking = activities.at(-1)?.value ?? this.asking;
    return activities.map(() => ({ id: '' }));
  }

  updateActivity(): Promise<void> {
    return Promise.reject(notHere());
  }

  deleteActivity(): Promise<void> {
    return Promise.reject(notHere());
  }

  continueConversation(): Promise<void> {
    return Promise.reject(notHere());
  }
}

function notHere(): AppError {
  return new AppError('internal', 'A dialog may do nothing but ask');
}
