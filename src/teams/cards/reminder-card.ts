// Once more, what nobody has answered.

import type { AskView } from '../../domain/ask.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { BotContent } from '../../domain/notification.ts';
import { askParts } from './ask-parts.ts';
import { type CardActivity, createCardActivity, textBlock } from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

type ReminderContent = Extract<BotContent, { readonly kind: 'reminder' }>;

/** How it is told. */
export interface ReminderOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  readonly isReduced: boolean;
  /** Units that the message may have. */
  readonly maxUnits: number;
  /** Who has answered since. */
  readonly asked?: AskView | undefined;
}

const TITLE_LENGTHS = { full: 256, reduced: 160 } as const;
const MAX_SUMMARY_LENGTH = 256;
const MAX_SOURCE_LENGTH = 64;

/** Taken by all but the answers and the buttons, with a title and source that grow most. */
const FRAME_UNITS = { full: 2_816, reduced: 2_304 } as const;

/** What it was, from whom, and the same buttons. */
export function buildReminderCard(content: ReminderContent, options: ReminderOptions): CardActivity {
  const { texts, isReduced, maxUnits } = options;
  const form = isReduced ? 'reduced' : 'full';
  const { reminder } = texts.answers.asks;
  const title = clip(toLine(content.title), TITLE_LENGTHS[form]);
  const direction = directionOf([content.title], texts);
  const ownLine = (text: string) => isolateLine(text, texts, direction);
  const { notification, ask } = content;
  const room = maxUnits - FRAME_UNITS[form];
  const asks = askParts(ask, { ...options, notification, isOver: false, ownLine, maxUnits: room });
  const source = isolate(toMarkdownLine(clip(content.source, MAX_SOURCE_LENGTH)), texts);
  const summary = `🔔 ${reminder} ${isolate(title, texts)}`;
  const isAnswered = (options.asked?.responses.length ?? 0) > 0;
  return createCardActivity({
    summary: clip(summary, MAX_SUMMARY_LENGTH),
    fallbackText: isolate(toMarkdownLine(title), texts),
    rtl: rtlOf(direction, texts),
    body: [
      ...(isAnswered ? [] : [textBlock(ownLine(`🔔 ${reminder}`), { weight: 'Bolder', size: 'Small' })]),
      heading(toMarkdownLine(title)),
      ...asks.answers,
      subtle(ownLine(texts.source(source))),
    ],
    actions: asks.buttons,
  });
}
