// Lines that many cards have.

import { toMarkdownLine } from '../../domain/literal.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { isolate } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** The title of a card. @param text markdown */
export function heading(text: string): CardElement {
  return textBlock(text, { weight: 'Bolder', size: 'Medium', style: 'heading' });
}

/** What is less important. @param text markdown */
export function subtle(text: string): CardElement {
  return textBlock(text, { isSubtle: true, size: 'Small', spacing: 'Small' });
}

/**
 * A command as it is written, and what it does.
 *
 * @param command one of the bot's own: it is bold, so nothing of it may be markup
 * @param text markdown
 */
export function commandLine(command: string, text: string, texts: CardTexts): CardElement {
  const bold = `**${isolate(toMarkdownLine(command), texts)}**`;
  return textBlock(`${bold} · ${text}`, { spacing: 'Small' });
}
