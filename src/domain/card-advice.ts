// What a card that may be sent does not do well in Teams.

import { z } from 'zod';
import type { AnswerOf } from './answer.ts';
import { CARD_PARTS } from './card-parts.ts';
import { toPointer } from './parse-request.ts';

/** Something to mend that is no fault. Codes are part of the API. */
export const advice = z
  .object({
    code: z.string(),
    detail: z.string(),
    pointer: z.string().optional().describe('JSON pointer into the request.'),
  })
  .meta({ id: 'Warning', description: 'Something to mend that is no fault.' });
export type Advice = AnswerOf<typeof advice>;

/** A text block of one line has room for about this many characters on a phone. */
const MAX_LINE_LENGTH = 40;

type Json = Readonly<Record<string, unknown>>;

interface Part {
  readonly value: Json;
  readonly pointer: string;
  readonly cardVersion: string;
}

/**
 * What could be better about a card that has passed `checkCard`, in the order in which it stands there. Pure.
 *
 * @param pointer where the card stands in the request: `/card`
 */
export function adviseOnCard(card: Json, pointer: string): readonly Advice[] {
  const cardVersion = String(card['version']);
  const parts = partsOf(card, pointer).map((part) => ({ ...part, cardVersion }));
  const hasLink = parts.some(({ value }) => value['type'] === 'Action.OpenUrl');
  return [
    ...(typeof card['fallbackText'] === 'string'
      ? []
      : [
          {
            code: 'no_fallback_text',
            detail: `Clients that do not know Adaptive Cards ${cardVersion} show fallbackText instead, and there is none`,
            pointer: `${pointer}/fallbackText`,
          },
        ]),
    ...parts.flatMap((part) => RULES.flatMap((rule) => rule(part) ?? [])),
    ...(hasLink
      ? []
      : [{ code: 'no_link', detail: 'Nothing leads the reader to where something can be done', pointer }]),
  ];
}

/** Every object of the card, outer before inner. */
function partsOf(value: unknown, pointer: string): readonly { readonly value: Json; readonly pointer: string }[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.entries(value).flatMap(([key, item]) => partsOf(item, pointer + toPointer([key])));
  return Array.isArray(value) ? inner : [{ value: { ...value }, pointer }, ...inner];
}

const RULES: readonly ((part: Part) => Advice | undefined)[] = [
  ({ value: { type }, pointer, cardVersion }) => {
    const since = CARD_PARTS[String(type)]?.since ?? '1.0';
    return since > cardVersion
      ? { code: 'newer_than_version', detail: `${type} came with ${since}, and the card says ${cardVersion}`, pointer }
      : undefined;
  },
  ({ value: { type, altText }, pointer }) =>
    type === 'Image' && !altText
      ? { code: 'no_alt_text', detail: 'Who does not see the image needs altText, which says what it shows', pointer }
      : undefined,
  ({ value: { type, text, wrap }, pointer }) =>
    type === 'TextBlock' && wrap !== true && String(text).length > MAX_LINE_LENGTH
      ? { code: 'text_not_wrapped', detail: 'Without "wrap": true the text is cut where its line ends', pointer }
      : undefined,
  ({ value: { type, style }, pointer }) =>
    String(type).startsWith('Action.') && typeof style === 'string' && style.toLowerCase() !== 'default'
      ? { code: 'style_ignored', detail: 'Teams shows actions of every style alike', pointer: `${pointer}/style` }
      : undefined,
  ({ value: { type, text }, pointer }) =>
    type === 'TextBlock' && /\{\{(?:DATE|TIME)\(/.test(String(text))
      ? { code: 'function_not_supported', detail: 'Teams does not know DATE and TIME: it shows them as text', pointer }
      : undefined,
  ({ value: { type, text }, pointer }) =>
    type === 'TextBlock' && /^(?:#{1,6} |> |```|\|.*\|)/m.test(String(text))
      ? {
          code: 'markdown_not_supported',
          detail: 'The Markdown of cards knows bold, italic, lists and links; all else is shown as text',
          pointer,
        }
      : undefined,
  ({ value: { type, text }, pointer }) =>
    type === 'TextBlock' && /<at>/i.test(String(text))
      ? { code: 'no_mention', detail: '<at> mentions nobody here: cards of your own have no mentions', pointer }
      : undefined,
];
