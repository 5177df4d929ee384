// The life of the thing that a card is about: how often it was reported, and what happened last.

import type { LifecycleEntry, LifecycleView } from '../../domain/lifecycle.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate } from './direction.ts';
import { lookOf } from './severity-looks.ts';
import type { CardTexts } from './texts.ts';
import type { WriteTime } from './time-text.ts';

const MAX_ENTRIES = 5;
const MAX_TITLE_LENGTH = 80;

/** How it is told, and beside which title. */
export interface HistoryOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  /** The card's own: entries say theirs only where it is another. */
  readonly title: string;
  /** Only how often, not what. */
  readonly isReduced: boolean;
}

/** Nothing while there is only the one report that the card itself tells. */
export function historyParts(view: LifecycleView, options: HistoryOptions): readonly CardElement[] {
  const { history, forgotten } = view;
  const isListed = !options.isReduced && (history.length > 1 || forgotten > 0);
  const shown = isListed ? history.slice(-MAX_ENTRIES).toReversed() : [];
  const unshown = isListed ? forgotten + countOf(history.slice(0, -MAX_ENTRIES)) : 0;
  const items = [
    ...counterOf(view, options),
    ...shown.map((entry) => line(entryText(entry, options))),
    ...(unshown > 0 ? [line(options.texts.earlier(unshown))] : []),
  ];
  return items.length > 0 ? [{ type: 'Container', style: 'emphasis', items }] : [];
}

function counterOf({ history, forgotten, openedAtMs }: LifecycleView, { texts, writeTime }: HistoryOptions) {
  const reports = countOf(history.filter(({ state }) => state === 'open'));
  const text = texts.reported(reports, forgotten > 0, isolate(toMarkdownLine(writeTime(openedAtMs, 'short'))));
  return reports > 1 ? [textBlock(text, { size: 'Small', weight: 'Bolder' })] : [];
}

/** How often something was said. */
function countOf(entries: readonly LifecycleEntry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

/** The latest entry first, each on a line. */
function entryText({ atMs, state, severity, title, count }: LifecycleEntry, options: HistoryOptions): string {
  const { texts, writeTime } = options;
  const { icon } = lookOf(severity, state, texts);
  const time = isolate(toMarkdownLine(writeTime(atMs, 'short')));
  const words = [time, texts.states[state], texts.severities[severity]].join(' · ');
  const ownTitle = isolate(toMarkdownLine(clip(toLine(title), MAX_TITLE_LENGTH)));
  const isOther = toLine(title) !== toLine(options.title);
  return `${icon} ${words}${count > 1 ? ` ${texts.times(count)}` : ''}${isOther ? `: ${ownTitle}` : ''}`;
}

function line(text: string): CardElement {
  return textBlock(text, { size: 'Small', spacing: 'None' });
}
