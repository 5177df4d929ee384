// Who has answered what a notification asks, and what came of it.

import { ACKNOWLEDGE, type Ask, type AskView, type ShownResponse } from '../../domain/ask.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate } from './direction.ts';
import { takeFitting } from './fitting.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

/** The answers are never longer. */
export const ANSWER_UNITS = { full: 3_072, reduced: 384 } as const;

const MAX_NAMES = { full: 10, reduced: 2 } as const;
const NAME_LENGTHS = { full: 48, reduced: 24 } as const;

/** How they are told. */
export interface AskAnswerOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  /** Fewer names, and no times. */
  readonly isReduced: boolean;
  /** A line of the card's own, in a card that may run the other way. */
  ownLine(text: string): string;
}

/** What was decided and what the reader chose first, then everybody by what they chose. */
export function askAnswers(ask: Ask, asked: AskView, options: AskAnswerOptions): readonly CardElement[] {
  const { isReduced, ownLine } = options;
  const lines = [
    ...decisionOf(ask, asked, options).map((text) => textBlock(ownLine(text), { weight: 'Bolder', size: 'Medium' })),
    ...ownChoices(ask, asked, options).map((text) => textBlock(ownLine(text), { weight: 'Bolder', spacing: 'Small' })),
    ...groupLines(ask, asked, options).map((text) => textBlock(ownLine(text), { size: 'Small', spacing: 'Small' })),
  ];
  const style = asked.decided === undefined ? 'emphasis' : 'good';
  const box = { type: 'Container', style, items: [] };
  const { items } = takeFitting(lines, ANSWER_UNITS[isReduced ? 'reduced' : 'full'] - JSON.stringify(box).length);
  return items.length === 0 ? [] : [{ ...box, items }];
}

function titleOf({ actions }: Ask, id: string, { texts }: AskAnswerOptions): string | undefined {
  const action = actions.find((candidate) => candidate.id === id);
  return action && isolate(toMarkdownLine(action.title), texts);
}

function decisionOf(ask: Ask, { decided }: AskView, options: AskAnswerOptions): readonly string[] {
  const title = decided === undefined ? undefined : titleOf(ask, decided, options);
  return title === undefined ? [] : [`✅ ${options.texts.answers.asks.decided(title)}`];
}

function ownChoices(ask: Ask, { own = [] }: AskView, options: AskAnswerOptions): readonly string[] {
  const { quoted, asks } = options.texts.answers;
  return own.flatMap((id) => {
    const title = titleOf(ask, id, options);
    return id === ACKNOWLEDGE ? [asks.youAcknowledged] : title === undefined ? [] : [asks.youChose(quoted(title))];
  });
}

/** A line for each action that somebody chose, or that several have to choose. */
function groupLines(ask: Ask, { responses, more, decided }: AskView, options: AskAnswerOptions): readonly string[] {
  const { texts, isReduced } = options;
  const shown = responses.slice(0, MAX_NAMES[isReduced ? 'reduced' : 'full']);
  const groups = [{ id: ACKNOWLEDGE, needed: undefined }, ...ask.actions.map(({ id, needed }) => ({ id, needed }))]
    .map((group) => ({ ...group, all: responses.filter(({ action }) => action === group.id) }))
    .filter(({ all, needed }) => all.length > 0 || (needed !== undefined && decided === undefined));
  const chosen = groups.filter(({ all }) => all.length > 0);
  // Nobody knows what those chose of whom only the number is known, but where all chose the same.
  const restOf = (all: readonly ShownResponse[]) => (chosen.length === 1 && all.length > 0 ? more : 0);
  const lines = groups.map(({ id, needed, all }) => {
    const names = all.filter((response) => shown.includes(response)).map((response) => nameOf(response, options));
    const others = all.length - names.length + restOf(all);
    const listed = [...names, ...(others > 0 ? [texts.others(others)] : [])];
    const parts = [
      ...(listed.length > 0 ? [texts.listed(listed)] : []),
      ...(needed === undefined ? [] : [texts.ofNeeded(all.length, needed)]),
    ];
    return id === ACKNOWLEDGE
      ? texts.answers.asks.acknowledgedBy(parts.join(' · '))
      : texts.labelled(titleOf(ask, id, options) ?? '', parts.join(' · '));
  });
  return [...lines, ...(more > 0 && chosen.length !== 1 ? [texts.more(more)] : [])];
}

function nameOf({ name, atMs }: ShownResponse, { texts, writeTime, isReduced }: AskAnswerOptions): string {
  const line = clip(toLine(name ?? ''), NAME_LENGTHS[isReduced ? 'reduced' : 'full']);
  const shown = line === '' ? texts.answers.asks.somebody : isolate(toMarkdownLine(line), texts);
  return isReduced ? shown : `${shown} (${isolate(toMarkdownLine(writeTime(atMs, 'short')), texts)})`;
}
