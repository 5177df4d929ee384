// What the bot says, as the message activity that Teams shows.

import { assertNever } from '../../domain/errors.ts';
import type { NotificationContent } from '../../domain/notification.ts';
import { buildHelpCard, buildReplyCard, buildWelcomeCard } from './bot-cards.ts';
import { CARD_UNITS, type CardActivity, type ComposedCard, NOTHING_LEFT_OUT } from './card-activity.ts';
import { buildEventCard } from './event-card.ts';
import { buildOwnCard } from './own-card.ts';
import { type CardTexts, textsFor } from './texts.ts';

/** For whom and how long. */
export interface MessageOptions {
  /** The reader's language, BCP 47. */
  readonly locale?: string | undefined;
  /** The short form, about a quarter of the smallest full one. */
  readonly isReduced: boolean;
  /** Units that the full form may have; `CARD_UNITS.full` when absent. */
  readonly maxUnits?: number | undefined;
}

/**
 * Builds messages as `buildMessage` does, and remembers the last one of each content for as long as that is around: a
 * broadcast is one message to many. What it gives is shared, so nobody may change it.
 */
export function createMessageBuilder(
  maxUnits?: number,
): (content: NotificationContent, options: MessageOptions) => CardActivity {
  const built = new WeakMap<NotificationContent, Built>();
  return (content, { locale, isReduced }) => {
    const texts = textsFor(locale);
    const last = built.get(content);
    if (last?.texts === texts && last.isReduced === isReduced) {
      return last.message;
    }
    const message = buildMessage(content, { locale, isReduced, maxUnits });
    built.set(content, { texts, isReduced, message });
    return message;
  };
}

interface Built {
  readonly texts: CardTexts;
  readonly isReduced: boolean;
  readonly message: CardActivity;
}

/** The complete message of a notification: one card, never text beside it. Pure. */
export function buildMessage(content: NotificationContent, options: MessageOptions): CardActivity {
  return composeMessage(content, options).activity;
}

/** The same, with what had to be left out. Pure. */
export function composeMessage(content: NotificationContent, options: MessageOptions): ComposedCard {
  const texts = textsFor(options.locale);
  const maxUnits = options.isReduced ? CARD_UNITS.reduced : (options.maxUnits ?? CARD_UNITS.full);
  const whole = (activity: CardActivity): ComposedCard => ({ activity, leftOut: NOTHING_LEFT_OUT });
  switch (content.kind) {
    case 'event':
      return buildEventCard(content, { texts, isReduced: options.isReduced, maxUnits });
    case 'card':
      return whole(buildOwnCard(content));
    case 'welcome':
      return whole(buildWelcomeCard(texts));
    case 'help':
      return whole(buildHelpCard(texts, content.isConfused ?? false));
    case 'reply':
      return whole(buildReplyCard(content.text));
    default:
      return assertNever(content);
  }
}
