// The bot's own buttons. Whatever pressing one sends back is a `Press`.

import { toLine } from '../../domain/literal.ts';
import { PRESS_VERB, type Press } from '../../domain/press.ts';
import type { CardElement } from './card-activity.ts';

/** A text on a button or beside a field, plain; clients refuse cards on which one is empty. */
export function toTitle(text: string): string {
  return toLine(text) || '…';
}

/** Longest command on a button; one with a longer name has to be written. */
const MAX_COMMAND_LENGTH = 300;

/** What may differ. */
export interface ButtonForm {
  /** Clients that know no styles, as most of Teams do, show a button like any other. */
  readonly style?: 'positive' | 'destructive' | undefined;
  /** Without what old clients send, where room is short. */
  readonly isBare?: boolean;
}

/**
 * A button that is answered at once; clients that do not know `Action.Execute` send the same as a message.
 *
 * @param title plain, on one line
 * @see https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
 */
export function pressAction(title: string, press: Press, { style, isBare = false }: ButtonForm = {}): CardElement {
  const button = { title, data: press };
  return {
    type: 'Action.Execute',
    ...button,
    verb: PRESS_VERB,
    ...(style !== undefined && { style }),
    ...(!isBare && { fallback: { type: 'Action.Submit', ...button } }),
  };
}

/** The button of a command; none when its text, which holds a name of somebody's choice, is too long for one. */
export function commandActions(title: string, text: string): readonly CardElement[] {
  return text.length > MAX_COMMAND_LENGTH ? [] : [pressAction(title, { bellhop: 'command', text })];
}
