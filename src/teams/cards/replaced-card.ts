// What is left of a message whose place a newer one has taken.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { ProducerContent } from '../../domain/notification.ts';
import { type CardActivity, createCardActivity, textBlock } from './card-activity.ts';
import { directionOf, isolateLine, rtlOf } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';

const MAX_TITLE_LENGTH = 160;

/** A small card that leads the eye on. */
export function buildReplacedCard({ title }: ProducerContent, texts: CardTexts): CardActivity {
  const line = clip(toLine(title), MAX_TITLE_LENGTH);
  const direction = directionOf([title], texts);
  const quiet = { isSubtle: true, size: 'Small' };
  return createCardActivity({
    summary: texts.replaced,
    fallbackText: texts.replaced,
    rtl: rtlOf(direction, texts),
    body: [
      textBlock(toMarkdownLine(line), quiet),
      textBlock(isolateLine(texts.replaced, texts, direction), { ...quiet, spacing: 'None' }),
    ],
    actions: [],
  });
}
