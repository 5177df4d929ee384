// One card for many messages that waited.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { DigestContent, DigestItem } from '../../domain/notification.ts';
import { type CardActivity, type CardElement, textBlock } from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { createListActivity } from './fitting.ts';
import { toTextLink } from './links.ts';
import { writeLine } from './markdown-line.ts';
import { literalRun } from './markdown-runs.ts';
import { commandActions } from './press-action.ts';
import { lookOf } from './severity-looks.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

const MAX_TITLE_LENGTH = 160;
const MAX_SOURCE_LENGTH = 64;
/** Longer addresses would push other messages off the card. */
const MAX_LINK_UNITS = 512;

/** How it is told. */
export interface DigestCardOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  readonly maxUnits: number;
}

/** Why they come together, and each with its severity, title, source, time and first link. */
export function buildDigestCard({ because, items, more }: DigestContent, options: DigestCardOptions): CardActivity {
  const { texts, maxUnits } = options;
  const { digest, settings } = texts.answers;
  const title = texts.labelled(digest.headings[because], texts.messages(items.length + more));
  return createListActivity({
    summary: title,
    rtl: rtlOf(texts, texts),
    head: [heading(title), subtle(digest.reasons[because])],
    rows: items.map((item) => itemRow(item, options)),
    hidden: more,
    actions: commandActions(settings.title, 'status'),
    maxUnits,
    more: texts.more,
  });
}

function itemRow(item: DigestItem, { texts, writeTime }: DigestCardOptions): CardElement {
  const { icon, words } = lookOf(item.severity, undefined, texts);
  const title = toMarkdownLine(clip(toLine(item.title), MAX_TITLE_LENGTH));
  const source = isolate(toMarkdownLine(clip(item.source, MAX_SOURCE_LENGTH)), texts);
  const time = isolate(toMarkdownLine(writeTime(item.atMs, 'short')), texts);
  return {
    type: 'Container',
    separator: true,
    items: [
      textBlock(`${icon} ${isolateLine(title, directionOf([title], texts), texts)}`, { weight: 'Bolder' }),
      subtle([words, texts.source(source), time, ...linkOf(item, texts)].join(' · ')),
    ],
  };
}

/** The first link as markdown; only one that leads to a plain https address. */
function linkOf({ link }: DigestItem, texts: CardTexts): readonly string[] {
  const safe = link && toTextLink(link);
  if (!safe) {
    return [];
  }
  const written = writeLine([{ ...literalRun(safe.label), url: safe.url }]);
  return written.length > MAX_LINK_UNITS ? [] : [isolate(written, texts)];
}
