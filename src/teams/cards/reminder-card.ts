// Once more, what nobody has answered.

import type { AskView } from '../../domain/ask.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { BotContent } from '../../domain/notification.ts';
import { type AskParts, askParts } from './ask-parts.ts';
import { type CardActivity, type CardParts, createCardActivity, textBlock, unitsOf } from './card-activity.ts';
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

const TITLE_LENGTHS = { full: 256, reduced: 128 } as const;
const MAX_SUMMARY_LENGTH = 256;
const MAX_SOURCE_LENGTH = 64;

/** Of the line that tells how many buttons did not fit. */
const NOTE_UNITS = 256;

/** What it was, from whom, and the same buttons. */
export function buildReminderCard(content: ReminderContent, options: ReminderOptions): CardActivity {
  const { texts, isReduced, maxUnits } = options;
  const { reminder } = texts.answers.asks;
  const title = clip(toLine(content.title), TITLE_LENGTHS[isReduced ? 'reduced' : 'full']);
  const direction = directionOf([content.title], texts);
  const ownLine = (text: string) => isolateLine(text, texts, direction);
  const source = isolate(toMarkdownLine(clip(content.source, MAX_SOURCE_LENGTH)), texts);
  const isAnswered = (options.asked?.responses.length ?? 0) > 0;
  const partsWith = ({ answers, buttons }: Pick<AskParts, 'answers' | 'buttons'>): CardParts => ({
    summary: clip(`🔔 ${reminder} ${isolate(title, texts)}`, MAX_SUMMARY_LENGTH),
    fallbackText: isolate(toMarkdownLine(title), texts),
    rtl: rtlOf(direction, texts),
    body: [
      ...(isAnswered ? [] : [textBlock(ownLine(`🔔 ${reminder}`), { weight: 'Bolder', size: 'Small' })]),
      heading(toMarkdownLine(title)),
      ...answers,
      subtle(ownLine(texts.source(source))),
    ],
    actions: buttons,
  });
  const bare = unitsOf(createCardActivity(partsWith({ answers: [], buttons: [] })));
  const { notification, ask } = content;
  const room = maxUnits - bare - NOTE_UNITS;
  return createCardActivity(
    partsWith(askParts(ask, { ...options, notification, isOver: false, ownLine, maxUnits: room })),
  );
}
