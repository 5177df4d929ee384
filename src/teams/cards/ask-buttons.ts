// The buttons of what a notification asks: to acknowledge it, or to choose what is to be done.

import { ACKNOWLEDGE, ASK_LIMITS, type Ask, type AskedAction } from '../../domain/ask.ts';
import { clip } from '../../domain/literal.ts';
import { INPUT_ID } from '../../domain/press.ts';
import { fieldElement } from './ask-field.ts';
import type { CardElement } from './card-activity.ts';
import { type ButtonForm, pressAction, toTitle } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** For whom, and of which notification. */
export interface AskButtonOptions {
  readonly texts: CardTexts;
  /** Public id. */
  readonly notification: string;
  /** The short form: clients that know no `Action.Execute` do without. */
  readonly isReduced: boolean;
  /** What the reader has chosen already. */
  readonly own?: readonly string[] | undefined;
}

/** How many there are at most. */
export function countButtons({ canAcknowledge, actions }: Ask): number {
  return (canAcknowledge ? 1 : 0) + actions.length;
}

/** One for each action; none for what the reader has chosen and could only choose again. */
export function askButtons(ask: Ask, options: AskButtonOptions): readonly CardElement[] {
  const { texts, notification, isReduced, own = [] } = options;
  const respond = (action: string) => ({ bellhop: 'respond', notification, action }) as const;
  const toId = fieldIds(ask);
  // What was entered can be corrected.
  const open = ask.actions.filter(({ id, input }) => input !== undefined || !own.includes(id));
  return [
    ...(ask.canAcknowledge && !own.includes(ACKNOWLEDGE)
      ? [pressAction(texts.answers.asks.acknowledge, respond(ACKNOWLEDGE), { isBare: isReduced })]
      : []),
    ...open.map((action) => {
      const title = clip(toTitle(action.title), ASK_LIMITS.maxTitleLength);
      const form: ButtonForm = { style: action.style, isBare: isReduced };
      return action.input === undefined
        ? pressAction(title, respond(action.id), form)
        : unfolding(title, form, [
            fieldOf(action.input, toId(action), options),
            pressAction(texts.answers.asks.send, respond(action.id), form),
          ]);
    }),
  ];
}

/**
 * A field stands in a card of its own below the button: what is entered for one action is neither required for another
 * nor sent with it.
 */
function unfolding(title: string, { style }: ButtonForm, [field, send]: readonly CardElement[]): CardElement {
  const card = { type: 'AdaptiveCard', body: [field], actions: [send] };
  return { type: 'Action.ShowCard', title, ...(style !== undefined && { style }), card };
}

function fieldOf(
  { kind, label, isRequired, choices = [] }: NonNullable<AskedAction['input']>,
  id: string,
  { texts, isReduced: isBare }: AskButtonOptions,
): CardElement {
  const values = choices.map((choice) => ({ title: choice, value: choice }));
  const { maxInputLength: maxLength } = ASK_LIMITS;
  return fieldElement({ kind, id, label, isRequired, isBare, maxLength, choices: values }, texts);
}

/** No two fields of a card may have the same id, wherever they stand. */
function fieldIds({ actions }: Ask): (action: AskedAction) => string {
  const isOne = actions.filter(({ input }) => input !== undefined).length <= 1;
  return ({ id }) => (isOne ? INPUT_ID : fieldIdOf(id));
}

/** @param action its id */
export function fieldIdOf(action: string): string {
  return `${INPUT_ID}:${action}`;
}
