// What every card of an event has, however short: how bad it is, its title, its life so far, who says so and when.

import type { AskView } from '../../domain/ask.ts';
import type { LifecycleView } from '../../domain/lifecycle.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { EventContent, MentionedPerson, NotificationMenu } from '../../domain/notification.ts';
import { type CardElement, type CardParts, textBlock } from './card-activity.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { historyParts } from './history.ts';
import { mentionParts } from './mentions.ts';
import { throughQuietLines, withMenu } from './menu.ts';
import { lookOf } from './severity-looks.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

/** How an event is told. */
export interface EventCardOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  readonly isReduced: boolean;
  /** Units that the message may have. */
  readonly maxUnits: number;
  /** The time of an event that does not say its own. */
  readonly acceptedAtMs?: number | undefined;
  readonly lifecycle?: LifecycleView | undefined;
  readonly mentions?: readonly MentionedPerson[] | undefined;
  readonly menu?: NotificationMenu | undefined;
  readonly isThroughQuiet?: boolean | undefined;
  readonly asked?: AskView | undefined;
  readonly notification?: string | undefined;
  readonly refreshFor?: readonly string[] | undefined;
  readonly isEscalated?: boolean | undefined;
}

/** Longest title and toast, in UTF-16 units before they are escaped. */
const LENGTHS = { full: { title: 256, summary: 256 }, reduced: { title: 160, summary: 160 } } as const;

const MAX_SOURCE_LENGTH = 64;

/** A card without its middle. */
export interface EventFrame extends Omit<CardParts, 'body' | 'actions' | 'refresh'> {
  readonly header: readonly CardElement[];
  readonly footer: readonly CardElement[];
  /** A line of the card's own, in a card that may run the other way. */
  ownLine(text: string): string;
}

/** Header and footer of an event's card, and what stands around the card. */
export function frameOf(content: EventContent, options: EventCardOptions): EventFrame {
  const { texts, isReduced, lifecycle, mentions = [] } = options;
  // The short form is for what Teams has refused: it has nothing that is not needed.
  const mentioned = mentionParts(isReduced ? [] : mentions);
  const lengths = LENGTHS[isReduced ? 'reduced' : 'full'];
  const look = lookOf(content.severity, lifecycle?.state, texts);
  const title = clip(toLine(content.title), lengths.title);
  const direction = directionOf([content.title, content.text ?? ''], texts);
  const ownLine = (text: string) => isolateLine(text, texts, direction);
  const quiet = (text: string) => textBlock(ownLine(text), { isSubtle: true, size: 'Small' });
  // As mentions, the menu is nothing that is needed.
  const menu = isReduced ? undefined : options.menu;
  const source = isolate(toMarkdownLine(clip(content.source, MAX_SOURCE_LENGTH)), texts);
  const toast = clip(toLine(content.summary ?? content.title), lengths.summary);
  const items = [
    textBlock(ownLine(`${look.icon} ${look.words}`), { weight: 'Bolder', size: 'Small' }),
    textBlock(toMarkdownLine(title), { weight: 'Bolder', size: 'Large', spacing: 'None', style: 'heading' }),
  ];
  return {
    summary: `${look.icon} ${texts.labelled(look.toastWords, isolate(toast, texts))}`,
    fallbackText: texts.labelled(look.words, isolate(toMarkdownLine(title), texts)),
    rtl: rtlOf(direction, texts),
    entities: mentioned.entities,
    header: [{ type: 'Container', style: look.style, bleed: true, items }, ...mentioned.line],
    footer: [
      ...(lifecycle ? historyParts(lifecycle, { ...options, direction, title: content.title }) : []),
      ...throughQuietLines(options.isThroughQuiet, texts).map((line) => quiet(line)),
      ...(options.isEscalated ? [quiet(texts.answers.escalated)] : []),
      ...withMenu(quiet(`${texts.source(source)}${timeOf(content, options)}`), { texts, menu, source: content.source }),
    ],
    ownLine,
  };
}

/** When it happened or was said; empty where nobody knows. */
function timeOf({ occurredAtMs }: EventContent, { texts, writeTime, acceptedAtMs }: EventCardOptions): string {
  const atMs = occurredAtMs ?? acceptedAtMs;
  return atMs === undefined ? '' : ` · ${isolate(toMarkdownLine(writeTime(atMs, 'full')), texts)}`;
}
