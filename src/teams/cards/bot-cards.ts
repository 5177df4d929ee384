// What the bot says of its own accord: welcome, help, and one-sentence replies.

import { clip, toLine, toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import { type CardActivity, type CardElement, createCardActivity, textBlock } from './card-activity.ts';
import { commandLine, heading } from './card-lines.ts';
import { HELP_COMMANDS, HELP_ORDER } from './commands.ts';
import { directionOf, rtlOf } from './direction.ts';
import { commandActions } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

const MAX_SUMMARY_LENGTH = 256;

/** Longest reply that is sent whole. */
const MAX_REPLY_LENGTH = 2_000;

/** What pressing the help button sends back, as `activity.value`. */
export const HELP_ACTION_DATA = { bellhop: 'help' } as const;

/** The first message after the app was installed. */
export function buildWelcomeCard(texts: CardTexts): CardActivity {
  const { greeting, lines } = texts.welcome;
  return textCard({
    summary: greeting,
    rtl: rtlOf(texts, texts),
    body: [heading(greeting), ...lines.map((line) => textBlock(line))],
    actions: [
      { type: 'Action.Submit', title: texts.helpButton, data: HELP_ACTION_DATA },
      ...commandActions(texts.answers.topics.title, 'topics'),
      ...commandActions(texts.answers.settings.title, 'status'),
    ],
  });
}

/**
 * What the bot can do, and how to be rid of it.
 *
 * @param isConfused begin by saying that the bot did not understand
 */
export function buildHelpCard(texts: CardTexts, isConfused: boolean): CardActivity {
  const { notUnderstood, title, lines } = texts.help;
  const { answers } = texts;
  return textCard({
    summary: isConfused ? notUnderstood : title,
    rtl: rtlOf(texts, texts),
    body: [
      ...(isConfused ? [textBlock(notUnderstood)] : []),
      heading(title),
      ...lines.map((line) => textBlock(line)),
      ...HELP_ORDER.map((name) => commandLine(HELP_COMMANDS[name], answers.commands[name], texts)),
    ],
    actions: [
      ...commandActions(answers.topics.title, 'topics'),
      ...commandActions(answers.settings.title, 'status'),
      ...commandActions(answers.inbox.title, 'inbox'),
    ],
  });
}

/** A sentence of the bot; literal, and cut where it would be a letter. */
export function buildReplyCard(text: string, texts: CardTexts): CardActivity {
  const reply = clip(text, MAX_REPLY_LENGTH);
  return textCard({
    summary: clip(toLine(reply), MAX_SUMMARY_LENGTH),
    rtl: rtlOf(directionOf([reply], texts), texts),
    body: [textBlock(toMarkdown(reply))],
    actions: [],
  });
}

interface TextCard {
  readonly summary: string;
  readonly rtl: boolean | undefined;
  readonly body: readonly CardElement[];
  readonly actions: readonly CardElement[];
}

function textCard(card: TextCard): CardActivity {
  return createCardActivity({ ...card, fallbackText: toMarkdownLine(card.summary) });
}
