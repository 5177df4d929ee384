// What is left of a message whose place a newer one has taken.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { ProducerContent } from '../../domain/notification.ts';
import { type CardActivity, createCardActivity, textBlock } from './card-activity.ts';
import { isRightToLeft } from './direction.ts';
import type { CardTexts } from './texts.ts';

const MAX_TITLE_LENGTH = 160;

/** A small card that leads the eye on. */
export function buildReplacedCard({ title }: ProducerContent, texts: CardTexts): CardActivity {
  const line = clip(toLine(title), MAX_TITLE_LENGTH);
  const quiet = { isSubtle: true, size: 'Small' };
  return createCardActivity({
    summary: texts.replaced,
    fallbackText: texts.replaced,
    isRightToLeft: isRightToLeft(title),
    body: [textBlock(toMarkdownLine(line), quiet), textBlock(texts.replaced, { ...quiet, spacing: 'None' })],
    actions: [],
  });
}
