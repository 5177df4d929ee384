// How often each choice was chosen: as text for everybody, and as a bar for those who see it.

import { clip, toMarkdownLine } from '../../domain/literal.ts';
import type { Poll, PollResult } from '../../domain/poll.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** Of a box without anything in it; clients add their padding. */
const BAR_HEIGHT = '8px';

/** How they are told. */
export interface BarOptions {
  readonly texts: CardTexts;
  readonly maxChoiceLength: number;
  readonly hasBars: boolean;
  /** What the reader chose. */
  readonly own: readonly number[];
  /** A line of the card's own, in a card that may run the other way. */
  ownLine(text: string): string;
}

/** One part for each choice, in their order: changing places would confuse who watches. */
export function resultRows(poll: Poll, result: PollResult, options: BarOptions): readonly CardElement[] {
  const most = Math.max(1, ...result.counts);
  return poll.choices.map((choice, at) => {
    const count = result.counts[at] ?? 0;
    const style = result.isClosed && count === most ? 'good' : 'accent';
    const items = [
      choiceLine({ choice, count, isOwn: options.own.includes(at) }, result, options),
      ...(options.hasBars && result.voters > 0 ? [bar(count, result.voters, style)] : []),
    ];
    return { type: 'Container', spacing: 'Small', items };
  });
}

interface CountedChoice {
  readonly choice: string;
  readonly count: number;
  readonly isOwn: boolean;
}

function choiceLine({ choice, count, isOwn }: CountedChoice, { voters }: PollResult, options: BarOptions): CardElement {
  const { texts, maxChoiceLength, ownLine } = options;
  const name = isolate(toMarkdownLine(clip(choice, maxChoiceLength)), texts);
  const line = voters === 0 ? name : texts.labelled(name, texts.share(count, voters));
  const text = ownLine(`${isOwn ? '✓ ' : ''}${line}`);
  return textBlock(text, isOwn ? { weight: 'Bolder' } : {});
}

/**
 * Two boxes as wide as the parts are large. The boxes have the fill, not the columns: Teams shows that of boxes only.
 *
 * @see https://github.com/microsoft/AdaptiveCards/issues/6240
 */
function bar(count: number, voters: number, style: string): CardElement {
  const part = (width: number, fill: string): readonly CardElement[] =>
    width <= 0
      ? []
      : [
          {
            ...{ type: 'Column', width, spacing: 'None' },
            items: [{ type: 'Container', style: fill, minHeight: BAR_HEIGHT, items: [] }],
          },
        ];
  return {
    type: 'ColumnSet',
    spacing: 'None',
    columns: [...part(count, style), ...part(voters - count, 'emphasis')],
  };
}
