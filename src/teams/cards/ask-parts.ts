// What a card shows of what it asks, within the room that is kept for it.

import type { Ask, AskView } from '../../domain/ask.ts';
import { ANSWER_UNITS, type AskAnswerOptions, askAnswers } from './ask-answers.ts';
import { askButtons } from './ask-buttons.ts';
import { type CardElement, textBlock, unitsOf } from './card-activity.ts';
import { takeFitting } from './fitting.ts';
import { textsFor } from './texts/texts-for.ts';

/** Nothing can be pressed unless it is known of which notification. */
export interface AskPartsOptions extends AskAnswerOptions {
  readonly asked?: AskView | undefined;
  /** Public id. */
  readonly notification?: string | undefined;
  /** Whether the thing is over that was asked about. */
  readonly isOver: boolean;
  readonly maxUnits: number;
}

/** Its parts, and the most units that they can take for any reader at any time. */
export interface AskParts {
  readonly units: number;
  readonly answers: readonly CardElement[];
  readonly buttons: readonly CardElement[];
}

const EXAMPLE_ID = 'ntf_00000000000000000000000000';

/** What the words of another language take more than English ones: on the button to acknowledge, and at each field. */
const OTHER_WORDS_UNITS = { full: { acknowledge: 64, field: 128 }, reduced: { acknowledge: 32, field: 32 } } as const;

/** @param ask undefined when nothing is asked */
export function askParts(ask: Ask | undefined, options: AskPartsOptions): AskParts {
  if (ask === undefined) {
    return { units: 0, answers: [], buttons: [] };
  }
  const { asked = NOBODY, isReduced, maxUnits } = options;
  const answerUnits = ANSWER_UNITS[isReduced ? 'reduced' : 'full'];
  const buttonUnits = Math.min(unitsOfButtons(ask, isReduced), maxUnits - answerUnits);
  const all = openButtons(ask, options);
  const { items } = takeFitting(all, buttonUnits);
  const missing = all.length - items.length;
  const note = missing > 0 ? [textBlock(options.ownLine(options.texts.more(missing)), { isSubtle: true })] : [];
  return {
    units: answerUnits + Math.max(0, buttonUnits),
    answers: [...askAnswers(ask, asked, options), ...note],
    buttons: items,
  };
}

const NOBODY: AskView = { responses: [], more: 0 };

/** The same for every language, so that all readers get the same part of a text. */
function unitsOfButtons(ask: Ask, isReduced: boolean): number {
  const buttons = askButtons(ask, { texts: textsFor(undefined), notification: EXAMPLE_ID, isReduced });
  const fields = ask.actions.filter(({ input }) => input !== undefined).length;
  const others = OTHER_WORDS_UNITS[isReduced ? 'reduced' : 'full'];
  return unitsOf(buttons) + others.acknowledge + others.field * fields;
}

function openButtons(ask: Ask, options: AskPartsOptions): readonly CardElement[] {
  const { texts, notification, isReduced, isOver, asked } = options;
  return notification === undefined || isOver || asked?.decided !== undefined
    ? []
    : askButtons(ask, { texts, notification, isReduced, own: asked?.own });
}
