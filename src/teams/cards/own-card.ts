// A card of the producer's own making, as it was accepted, and below it what every notification has.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { CardContent, NotificationMenu } from '../../domain/notification.ts';
import { type CardActivity, type CardElement, textBlock, unitsOf } from './card-activity.ts';
import { isolate } from './direction.ts';
import { MENU_ID, throughQuietLines, withMenu } from './menu.ts';
import type { CardTexts } from './texts/card-texts.ts';

const MAX_SUMMARY_LENGTH = 256;
const MAX_SOURCE_LENGTH = 64;

/** What is known beside the card. */
export interface OwnCardOptions {
  readonly texts: CardTexts;
  readonly menu?: NotificationMenu | undefined;
  readonly isThroughQuiet?: boolean | undefined;
  /** Units that the message may have; what is below the card is left out where it would be longer. */
  readonly maxUnits: number;
}

/** The message around it. What the card may hold was checked before it was accepted. */
export function buildOwnCard({ card, summary, source }: CardContent, options: OwnCardOptions): CardActivity {
  const activityOf = (content: unknown): CardActivity => ({
    type: 'message',
    summary: clip(toLine(summary), MAX_SUMMARY_LENGTH),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  });
  const plain = activityOf(card);
  const footer = footerOf(source, options);
  const { body } = card;
  if (footer.length === 0 || !Array.isArray(body) || JSON.stringify(card).includes(MENU_ID)) {
    return plain;
  }
  const whole = activityOf({ ...card, body: [...body, ...footer] });
  return unitsOf(whole) <= options.maxUnits ? whole : plain;
}

function footerOf(source: string, { texts, menu, isThroughQuiet }: OwnCardOptions): readonly CardElement[] {
  const style = { isSubtle: true, size: 'Small' };
  const passed = throughQuietLines(isThroughQuiet, texts).map((line) => textBlock(line, style));
  if (menu === undefined) {
    return passed;
  }
  const line = textBlock(texts.source(isolate(toMarkdownLine(clip(source, MAX_SOURCE_LENGTH)), texts)), style);
  const items = [...passed, ...withMenu(line, { texts, source, menu })];
  return [{ type: 'Container', separator: true, ...(texts.isRightToLeft && { rtl: true }), items }];
}
