// The message around a card: always one card and nothing else, with a toast and a text for clients that show no cards.

/** An element or action of an Adaptive Card. */
export type CardElement = Readonly<Record<string, unknown>> & { readonly type: string };

/** By which clients of these people fetch a view of their own. */
export interface CardRefresh {
  readonly action: CardElement;
  /** `29:...` */
  readonly userIds: readonly string[];
}

/** What differs from card to card. */
export interface CardParts {
  /** Plain text of the toast and of the chat list. */
  readonly summary: string;
  /** What a client shows that does not know this version of cards; markdown. */
  readonly fallbackText: string;
  readonly body: readonly CardElement[];
  readonly actions: readonly CardElement[];
  /** How the card runs; as the reader's Teams does when undefined. */
  readonly rtl?: boolean | undefined;
  /** What Teams is to make of the card's texts: mentions. */
  readonly entities?: readonly unknown[];
  readonly refresh?: CardRefresh | undefined;
}

/** A message with one card. Teams splits text and card into two messages and tells the id of neither. */
export interface CardActivity {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: { readonly contentType: string; readonly content: unknown }[];
}

/** How much of a content did not fit on its card. */
export interface LeftOut {
  /** UTF-16 units of the text. */
  readonly characters: number;
  readonly facts: number;
  readonly links: number;
  readonly images: number;
  /** Links whose addresses cannot be trusted. */
  readonly unsafeLinks: number;
}

export const NOTHING_LEFT_OUT: LeftOut = { characters: 0, facts: 0, links: 0, images: 0, unsafeLinks: 0 };

/** A message, and what was left out to make it fit. */
export interface ComposedCard {
  readonly activity: CardActivity;
  readonly leftOut: LeftOut;
}

/**
 * Size of a whole message as Teams counts it: UTF-16, two bytes a unit.
 * `full` is 28 KB, the smallest limit that Teams ever had anywhere; `reduced` is a quarter of it, for a message that
 * was refused all the same. Teams documents refusals from 80 KB on.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
export const CARD_UNITS = { full: 14_336, reduced: 3_584 } as const;

/** 1.5 is the newest version that Teams documents for cards of bots. */
const CARD_VERSION = '1.5';

/** Puts the frame that every card has around its parts. */
export function createCardActivity(parts: CardParts): CardActivity {
  const { summary, fallbackText, body, actions, rtl, entities = [], refresh } = parts;
  return {
    type: 'message',
    summary,
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: CARD_VERSION,
          fallbackText,
          ...(rtl !== undefined && { rtl }),
          ...(refresh && { refresh }),
          msteams: { width: 'Full', ...(entities.length > 0 && { entities }) },
          body,
          ...(actions.length > 0 && { actions }),
        },
      },
    ],
  };
}

/** Units of a value once it is JSON. */
export function unitsOf(value: unknown): number {
  return JSON.stringify(value).length;
}

/** @param text markdown; wraps unless `style` says otherwise */
export function textBlock(text: string, style: Readonly<Record<string, unknown>> = {}): CardElement {
  return { type: 'TextBlock', text, wrap: true, ...style };
}
