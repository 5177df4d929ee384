// What somebody had the bot tell somebody else.

import { clip, cut, toLine, toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import type { NotificationMenu, ToldContent } from '../../domain/notification.ts';
import { type CardActivity, type CardElement, createCardActivity, textBlock, unitsOf } from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { MENU_UNITS, withMenu } from './menu.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

const MAX_NAME_LENGTH = 80;
const MAX_PLACE_LENGTH = 128;
const MAX_SUMMARY_LENGTH = 256;

/** How it is told. */
export interface ToldCardOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  readonly maxUnits: number;
  /** The short form has no menu. */
  readonly isReduced: boolean;
  readonly acceptedAtMs?: number | undefined;
  readonly menu?: NotificationMenu | undefined;
}

/** Who said it and where, the text as it was written, and that nobody hears an answer. */
export function buildToldCard(told: ToldContent, options: ToldCardOptions): CardActivity {
  const { texts, maxUnits, isReduced, menu } = options;
  const by = clip(toLine(told.by), MAX_NAME_LENGTH);
  const direction = directionOf([told.text], texts);
  const from = texts.answers.told.from;
  const frame = {
    summary: clip(texts.labelled(isolate(by, texts), isolate(toLine(told.text), texts)), MAX_SUMMARY_LENGTH),
    fallbackText: from(isolate(toMarkdownLine(by), texts)),
    rtl: rtlOf(direction, texts),
    actions: [],
  };
  const title = heading(isolateLine(from(isolate(toMarkdownLine(by), texts)), texts, direction));
  const quiet = (text: string) => subtle(isolateLine(text, texts, direction));
  const note = quiet(texts.answers.told.note);
  const line = quiet(originOf(told, options));
  const footer = withMenu(line, { texts, source: told.source, menu: isReduced ? undefined : menu });
  const bare = unitsOf(createCardActivity({ ...frame, body: [title, note, line] }));
  const text = fitText(told.text, maxUnits - bare - (isReduced ? 0 : MENU_UNITS));
  return createCardActivity({ ...frame, body: [title, ...text, note, ...footer] });
}

/** Where and when it was said. */
function originOf({ place }: ToldContent, { texts, writeTime, acceptedAtMs }: ToldCardOptions): string {
  return [
    ...(place === undefined
      ? []
      : [texts.answers.told.place(isolate(toMarkdownLine(clip(place, MAX_PLACE_LENGTH)), texts))]),
    ...(acceptedAtMs === undefined ? [] : [isolate(toMarkdownLine(writeTime(acceptedAtMs, 'full')), texts)]),
  ].join(' · ');
}

/** As much of the text as there is room for. */
function fitText(text: string, maxUnits: number): readonly CardElement[] {
  const blockOf = (shown: string) => textBlock(toMarkdown(shown));
  let shown = text.trim();
  let block = blockOf(shown);
  for (let units = unitsOf(block); units > maxUnits && shown !== ''; units = unitsOf(block)) {
    const share = Math.min(0.9, maxUnits / units);
    shown = cut(shown, Math.floor((shown.length - 1) * Math.max(0, share)));
    block = blockOf(`${shown}…`);
  }
  return shown === '' ? [] : [block];
}
