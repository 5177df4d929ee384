// Dialogs in the chat: what people write and press is the answer to the question that was asked last.

import type { BotAnswer } from '../domain/bot-answer.ts';
import { type DialogAnswers, type DialogQuestion, toAnsweredView } from '../domain/dialog.ts';
import { type DialogInput, readAnswer } from '../domain/dialog-answer.ts';
import { isDialogId } from '../domain/dialog-id.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import { dialogsLock } from '../store/locks.ts';
import type { DialogRow } from '../store/statements/dialogs.ts';
import type { Turn } from '../store/turn.ts';
import type { DialogRunner } from './dialog-runner.ts';
import { type AnswerPress, parseAnswerPress } from './parse-answer-press.ts';
import { findStepWord } from './step-words.ts';
import { ask, type DialogVoice, endDialog } from './store-dialog.ts';
import { takeAnswer } from './take-answer.ts';

/** Somebody wrote, or pressed an `Action.Submit`. */
export interface HeardMessage extends Turn {
  readonly event: MessageEvent;
}

type MessageEvent = Extract<InboundEvent, { kind: 'message' }>;

/** What people do about dialogs. */
export interface Dialogs {
  /** @returns whether a dialog has taken it: what is to be said is queued then */
  hear(turn: HeardMessage): Promise<boolean>;
  /** @param turn its data is not to be trusted. @returns undefined for what is of no dialog */
  press(turn: Turn & { readonly data: unknown }): Promise<PressAnswer | undefined>;
}

/** How a message reads as something else that the bot understands: as a command alone, or one that names something. */
export type ReadsAsCommand = (event: MessageEvent) => 'alone' | 'naming' | undefined;

/** What dialogs take. */
export interface DialogsDeps {
  /** Under whose name questions are asked. */
  readonly voice: DialogVoice;
  readonly runner: DialogRunner;
  readonly readsAsCommand: ReadsAsCommand;
}

/** Gives what people do about dialogs. */
export function createDialogs(deps: DialogsDeps): Dialogs {
  return {
    async hear(turn) {
      const { event, personId } = turn;
      if (event.scope !== 'personal' || event.value !== undefined || personId === undefined) {
        return false;
      }
      const held = await holdActive(deps, { ...turn, personId });
      return held.kind === 'active' ? hearText(deps, turn, held.dialog) : held.kind === 'over';
    },
    async press({ data, ...turn }) {
      const press = parseAnswerPress(data);
      return press && answerPress(deps, turn, press);
    },
  };
}

/** The dialog that waits for an answer; `over`: its time was, and that has been said. */
type Held = { readonly kind: 'active'; readonly dialog: DialogRow } | { readonly kind: 'none' | 'over' };

/** Nobody else answers or ends it until the transaction ends. */
async function holdActive(
  { voice }: DialogsDeps,
  { tx, personId, nowMs }: Turn & { readonly personId: number },
): Promise<Held> {
  // Most people who write have no dialog, and need not wait for one another.
  if (!(await tx.dialogs.findActive(personId))) {
    return { kind: 'none' };
  }
  await tx.locks.take(dialogsLock(personId));
  const dialog = await tx.dialogs.findActive(personId);
  if (!dialog) {
    return { kind: 'none' };
  }
  if (dialog.expiresAtMs <= nowMs) {
    await endDialog(tx, { dialogId: dialog.id, state: 'timed_out', reason: null, voice, nowMs });
    return { kind: 'over' };
  }
  return { kind: 'active', dialog };
}

/** @returns false for what is meant as a command */
async function hearText(deps: DialogsDeps, turn: HeardMessage, dialog: DialogRow): Promise<boolean> {
  const input = readText(dialog, turn.event, deps.readsAsCommand);
  if (!input) {
    return false;
  }
  const { tx, nowMs } = turn;
  const { step, view } = await takeAnswer(deps, { tx, nowMs, dialog, input });
  if (step.kind === 'ask' && view) {
    await ask(tx, dialog, { view, isFirst: false, voice: deps.voice, nowMs });
  }
  return true;
}

/** What fits the question is its answer; but a question for a text would take any command for one. */
function readText(dialog: DialogRow, event: MessageEvent, readsAsCommand: ReadsAsCommand): DialogInput | undefined {
  const { text } = event;
  const input = { kind: 'text', text } as const;
  const question = questionOf(dialog);
  if (question && question.kind !== 'text' && readAnswer(question, input).kind === 'answer') {
    return input;
  }
  const step = findStepWord(text);
  if (step) {
    return { kind: step };
  }
  const command = readsAsCommand(event);
  return command === 'alone' || (command === 'naming' && question?.kind !== 'text') ? undefined : input;
}

function questionOf({ definition, questionId }: DialogRow): DialogQuestion | undefined {
  return definition.questions.find(({ id }) => id === questionId);
}

/** Only of the person of the dialog, in their chat, and for the question that is open: older cards stay in the chat. */
async function answerPress(deps: DialogsDeps, turn: Turn, press: AnswerPress): Promise<PressAnswer> {
  const { tx, nowMs, personId, conversationId } = turn;
  const found = isDialogId(press.dialog) ? await tx.dialogs.findByPublicId(press.dialog) : undefined;
  if (!found || personId === undefined || found.personId !== personId || found.conversationId !== conversationId) {
    return sentence({ kind: 'notYours' });
  }
  const held = await holdActive(deps, { ...turn, personId });
  if (held.kind !== 'active' || held.dialog.id !== found.id) {
    return sentence({ kind: 'dialogOver' });
  }
  const { dialog } = held;
  if (press.question !== dialog.questionId && press.input.kind !== 'cancel') {
    return sentence({ kind: 'alreadyDone' });
  }
  const { step, view, answers } = await takeAnswer(deps, { tx, nowMs, dialog, input: press.input });
  if (step.kind === 'ask' && view) {
    if (step.problem !== undefined) {
      return { kind: 'question', view };
    }
    await ask(tx, dialog, { view, isFirst: false, voice: deps.voice, nowMs });
  }
  return toAnswered(dialog, press, answers);
}

/** What comes next is a message of its own. */
function toAnswered(dialog: DialogRow, press: AnswerPress, answers: DialogAnswers): PressAnswer {
  const { title, questions } = dialog.definition;
  const question = questions.find(({ id }) => id === press.question);
  return question
    ? { kind: 'answered', view: toAnsweredView({ title, question }, answers) }
    : sentence({ kind: 'seeBelow' });
}

function sentence(answer: BotAnswer): PressAnswer {
  return { kind: 'sentence', answer };
}
