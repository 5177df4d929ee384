// A question of a conversation that the bot began, and the end of one.

import { type AnsweredView, DIALOG_LIMITS, type QuestionView } from '../../domain/dialog.ts';
import { clip, toLine, toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import type { BotContent } from '../../domain/notification.ts';
import { type Field, type FieldChoice, fieldElement } from './ask-field.ts';
import {
  type CardActivity,
  type CardElement,
  type CardParts,
  createCardActivity,
  textBlock,
  unitsOf,
} from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { takeFitting } from './fitting.ts';
import { pressAction, toTitle } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** How it is told. */
export interface QuestionOptions {
  readonly texts: CardTexts;
  readonly isReduced: boolean;
  /** Units that the message may have. */
  readonly maxUnits: number;
}

/** Teams' store rule. */
const MAX_ACTIONS = 6;
/** Teams cuts longer titles of buttons. */
const MAX_BUTTON_LENGTH = 40;
const MAX_SUMMARY_LENGTH = 256;
const LENGTHS = { full: { title: 128, text: 1_024 }, reduced: { title: 32, text: 128 } } as const;
/** Of what stands around body and actions, and of the line that tells what is not shown. */
const FRAME_UNITS = 512;

/** Of a form that every language reads alike. */
const DATE_EXAMPLE = '2026-12-31';

type EndContent = Extract<BotContent, { readonly kind: 'dialogEnd' }>;

/** The question, how it is answered, and what else can be done. */
export function buildQuestionCard(view: QuestionView, options: QuestionOptions): CardActivity {
  const { texts, maxUnits } = options;
  const { title: titleLength, text: textLength } = LENGTHS[options.isReduced ? 'reduced' : 'full'];
  const { question, problem } = view;
  const text = clip(question.text, textLength);
  const direction = directionOf([question.text, view.title], texts);
  const ownLine = (line: string) => isolateLine(line, texts, direction);
  const title = isolate(toMarkdownLine(clip(view.title, titleLength)), texts);
  const partsWith = (choices: readonly FieldChoice[], hidden: number): CardParts => ({
    summary: clip(toLine(text), MAX_SUMMARY_LENGTH),
    fallbackText: toMarkdownLine(clip(text, MAX_SUMMARY_LENGTH)),
    rtl: rtlOf(direction, texts),
    body: [
      subtle(ownLine(`${title} · ${texts.questionNumber(view.number)}`)),
      textBlock(toMarkdown(text), { weight: 'Bolder', size: 'Medium', style: 'heading' }),
      ...(problem ? [textBlock(ownLine(`⚠️ ${problemText(view, texts)}`), { color: 'Warning' })] : []),
      ...(hasButtons(view) ? [{ type: 'ActionSet', actions: choiceActions(view, options) }] : []),
      ...answerField(view, choices, texts),
      ...(hidden > 0 ? [subtle(ownLine(texts.more(hidden)))] : []),
    ],
    actions: [...sendActions(view, options), ...stepActions(view, options)],
  });
  const all = (question.choices ?? []).map((choice) => ({ title: choice, value: choice }));
  const { items } = takeFitting(all, maxUnits - FRAME_UNITS - unitsOf(partsWith([], 0)));
  return createCardActivity(partsWith(items, hasButtons(view) ? 0 : all.length - items.length));
}

/** The question that was answered, with nothing left to press. */
export function buildAnsweredCard({ title, question, answer }: AnsweredView, options: QuestionOptions): CardActivity {
  const { texts, isReduced } = options;
  const { title: titleLength, text: textLength } = LENGTHS[isReduced ? 'reduced' : 'full'];
  const text = clip(question.text, textLength);
  const direction = directionOf([question.text, title], texts);
  const said = typeof answer === 'number' ? texts.number(answer) : (answer ?? '');
  return createCardActivity({
    summary: clip(toLine(text), MAX_SUMMARY_LENGTH),
    fallbackText: toMarkdownLine(clip(text, MAX_SUMMARY_LENGTH)),
    rtl: rtlOf(direction, texts),
    body: [
      subtle(isolate(toMarkdownLine(clip(title, titleLength)), texts)),
      textBlock(toMarkdown(text), { weight: 'Bolder', size: 'Medium', style: 'heading' }),
      ...(toLine(said) === '' ? [] : [textBlock(`✅ ${isolate(toMarkdownLine(clip(said, textLength)), texts)}`)]),
    ],
    actions: [],
  });
}

/** How it came to its end; in the words of who asked where they have any. */
export function buildDialogEndCard({ title, state, thanks }: EndContent, options: QuestionOptions): CardActivity {
  const { texts, isReduced } = options;
  const { title: titleLength, text: textLength } = LENGTHS[isReduced ? 'reduced' : 'full'];
  const { ends } = texts.answers.dialogs;
  const isThanked = state === 'completed' && thanks !== undefined && toLine(thanks) !== '';
  const own = state === 'waiting' || state === 'active' ? ends.failed : ends[state];
  const direction = directionOf([...(isThanked ? [thanks] : []), title], texts);
  const line = isolateLine(own, texts, direction);
  const name = isolate(toMarkdownLine(clip(title, titleLength)), texts);
  return createCardActivity({
    summary: clip(isThanked ? toLine(thanks) : own, MAX_SUMMARY_LENGTH),
    fallbackText: isThanked ? toMarkdownLine(clip(thanks, MAX_SUMMARY_LENGTH)) : own,
    rtl: rtlOf(direction, texts),
    body: [subtle(name), isThanked ? textBlock(toMarkdown(clip(thanks, textLength))) : heading(line)],
    actions: [],
  });
}

function problemText({ problem, question }: QuestionView, texts: CardTexts): string {
  const hint = rangeOf(question, texts);
  switch (problem) {
    case undefined:
      return '';
    case 'too_long':
      return texts.tooLong(question.maxLength ?? DIALOG_LIMITS.maxAnswerLength);
    case 'not_a_date':
      return texts.answers.dialogs.notADate(isolate(DATE_EXAMPLE, texts));
    case 'out_of_range':
      return [texts.answers.dialogs.problems.out_of_range, ...(hint === undefined ? [] : [hint])].join(' ');
    default:
      return texts.answers.dialogs.problems[problem];
  }
}

function rangeOf({ kind, min, max }: QuestionView['question'], texts: CardTexts): string | undefined {
  if (kind !== 'number' || (min === undefined && max === undefined)) {
    return undefined;
  }
  if (min !== undefined && max !== undefined) {
    return texts.between(min, max);
  }
  return min === undefined ? texts.atMost(max ?? 0) : texts.atLeast(min);
}

/** Whether each choice is a button, beside all that else can be pressed. */
function hasButtons(view: QuestionView): boolean {
  const { kind, choices = [] } = view.question;
  const isShort = choices.every(({ length }) => length <= MAX_BUTTON_LENGTH);
  return kind === 'choice' && isShort && choices.length <= MAX_ACTIONS - stepsOf(view).length;
}

function answerField(view: QuestionView, choices: readonly FieldChoice[], texts: CardTexts): readonly CardElement[] {
  const { question } = view;
  const { kind, min, max } = question;
  if (hasButtons(view)) {
    return [];
  }
  const field: Field = {
    ...{ kind, min, max, choices },
    label: rangeOf(question, texts) ?? texts.answers.asks.fields[kind],
    // A field that has to be filled in would keep people from going back, or from leaving.
    isRequired: false,
    maxLength: question.maxLength ?? DIALOG_LIMITS.maxAnswerLength,
  };
  return [fieldElement(field, texts)];
}

/** Above all that else can be pressed: it is no answer. */
function choiceActions(
  { dialog, question }: QuestionView,
  { texts, isReduced: isBare }: QuestionOptions,
): readonly CardElement[] {
  return (question.choices ?? []).map((title, choice) =>
    pressAction(
      isolate(toTitle(title), texts),
      { bellhop: 'answer', dialog, question: question.id, choice },
      { isBare },
    ),
  );
}

function sendActions(view: QuestionView, { texts, isReduced: isBare }: QuestionOptions): readonly CardElement[] {
  const press = { bellhop: 'answer', dialog: view.dialog, question: view.question.id } as const;
  return hasButtons(view) ? [] : [pressAction(texts.answers.asks.send, press, { isBare })];
}

function stepsOf({ canGoBack, question }: QuestionView): readonly ('back' | 'skip' | 'cancel')[] {
  return [...(canGoBack ? (['back'] as const) : []), ...(question.isOptional ? (['skip'] as const) : []), 'cancel'];
}

function stepActions(view: QuestionView, { texts, isReduced: isBare }: QuestionOptions): readonly CardElement[] {
  const { dialog, question } = view;
  return stepsOf(view).map((choice) =>
    pressAction(
      texts.answers.dialogs[choice],
      { bellhop: 'answer', dialog, question: question.id, choice },
      { isBare },
    ),
  );
}
