// The life of the thing that a card is about: how often it was reported, and what happened last.

import type { LifecycleEntry, LifecycleView } from '../../domain/lifecycle.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate, isolateLine } from './direction.ts';
import { lookOf } from './severity-looks.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

const MAX_ENTRIES = 5;
const MAX_TITLE_LENGTH = 80;

/** How it is told, and beside which title. */
export interface HistoryOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  /** The card's own: entries say theirs only where it is another. */
  readonly title: string;
  /** Of the card. */
  readonly direction: { readonly isRightToLeft: boolean };
  /** Only how often, not what. */
  readonly isReduced: boolean;
}

/** Nothing while there is only the one report that the card itself tells. */
export function historyParts(view: LifecycleView, options: HistoryOptions): readonly CardElement[] {
  const { history, forgotten } = view;
  const isListed = !options.isReduced && (history.length > 1 || forgotten > 0);
  const shown = isListed ? history.slice(-MAX_ENTRIES).toReversed() : [];
  const unshown = isListed ? forgotten + countOf(history.slice(0, -MAX_ENTRIES)) : 0;
  const { texts, direction } = options;
  const own = (text: string, style: object) =>
    textBlock(isolateLine(text, texts, direction), { size: 'Small', ...style });
  const items = [
    ...counterOf(view, options).map((text) => own(text, { weight: 'Bolder' })),
    ...shown.map((entry) => own(entryText(entry, options), { spacing: 'None' })),
    ...(unshown > 0 ? [own(texts.earlier(unshown), { spacing: 'None' })] : []),
  ];
  return items.length > 0 ? [{ type: 'Container', style: 'emphasis', items }] : [];
}

function counterOf(view: LifecycleView, { texts, writeTime }: HistoryOptions): readonly string[] {
  const { history, forgotten, openedAtMs } = view;
  const reports = countOf(history.filter(({ state }) => state === 'open'));
  const since = isolate(toMarkdownLine(writeTime(openedAtMs, 'short')), texts);
  return reports > 1 ? [texts.reported(reports, forgotten > 0, since)] : [];
}

/** How often something was said. */
function countOf(entries: readonly LifecycleEntry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

/** The latest entry first, each on a line. */
function entryText({ atMs, state, severity, title, count }: LifecycleEntry, options: HistoryOptions): string {
  const { texts, writeTime } = options;
  const { icon } = lookOf(severity, state, texts);
  const time = isolate(toMarkdownLine(writeTime(atMs, 'short')), texts);
  const words = [time, texts.states[state], texts.severities[severity]].join(' · ');
  const ownTitle = isolate(toMarkdownLine(clip(toLine(title), MAX_TITLE_LENGTH)), texts);
  const isOther = toLine(title) !== toLine(options.title);
  const told = `${icon} ${words}${count > 1 ? ` ${texts.times(count)}` : ''}`;
  return isOther ? texts.labelled(told, ownTitle) : told;
}
