// Fields in which people enter what they are asked for.

import { assertNever } from '../../domain/errors.ts';
import { INPUT_ID } from '../../domain/press.ts';
import type { CardElement } from './card-activity.ts';
import { toTitle } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** What can be chosen, and what is sent for it. */
export interface FieldChoice {
  /** Not yet literal. */
  readonly title: string;
  readonly value: string;
}

/** One field. */
export interface Field {
  readonly kind: 'text' | 'number' | 'date' | 'choice';
  /** `INPUT_ID` when absent. */
  readonly id?: string;
  /** What is to be entered, plain; read aloud as well. */
  readonly label: string;
  readonly isRequired: boolean;
  readonly maxLength?: number;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly choices?: readonly FieldChoice[];
  readonly isSeveral?: boolean;
  /** Without words of our own below it, where room is short. */
  readonly isBare?: boolean;
  /** What is chosen already. */
  readonly value?: string | undefined;
}

/** More of them would fill the screen of a phone. */
const MAX_EXPANDED = 10;

/** The input of a card. */
export function fieldElement(field: Field, texts: CardTexts): CardElement {
  const { kind, id = INPUT_ID, label, isRequired, isBare = false, value } = field;
  const common = {
    id,
    label: toTitle(label),
    ...(isRequired && { isRequired }),
    ...((isRequired || !isBare) && { errorMessage: texts.answers.asks.fields[kind] }),
    ...(value !== undefined && { value }),
  };
  switch (kind) {
    case 'text':
      return { type: 'Input.Text', ...common, isMultiline: true, maxLength: field.maxLength };
    case 'number':
      return { type: 'Input.Number', ...common, ...boundsOf(field) };
    case 'date':
      return { type: 'Input.Date', ...common };
    case 'choice':
      return { type: 'Input.ChoiceSet', ...common, ...choicesOf(field) };
    default:
      return assertNever(kind);
  }
}

function boundsOf({ min, max }: Field): Readonly<Record<string, number>> {
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

function choicesOf({ choices = [], isSeveral = false }: Field): Readonly<Record<string, unknown>> {
  return {
    style: isSeveral || choices.length <= MAX_EXPANDED ? 'expanded' : 'compact',
    wrap: true,
    ...(isSeveral && { isMultiSelect: true }),
    choices: choices.map(({ title, value }) => ({ title: toChoiceTitle(title), value })),
  };
}

/**
 * Some clients read markdown here and others do not, so that nothing can be escaped. What would become a link is taken
 * apart.
 */
function toChoiceTitle(title: string): string {
  return toTitle(title)
    .replace(/\](?=[([:])/g, '] ')
    .replace(/<(?=\S)/g, '< ');
}
