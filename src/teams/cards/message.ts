// What the bot says, as the message activity that Teams shows.

import { assertNever } from '../../domain/errors.ts';
import type { NotificationContent } from '../../domain/notification.ts';
import { buildHelpCard, buildReplyCard, buildWelcomeCard } from './bot-cards.ts';
import type { CardActivity } from './card-activity.ts';
import { buildEventCard } from './event-card.ts';
import { textsFor } from './texts.ts';

/** For whom and how long. */
export interface MessageOptions {
  /** The reader's language, BCP 47. */
  readonly locale?: string | undefined;
  /** The short form, about a quarter of the full one. */
  readonly isReduced: boolean;
}

/** The complete message of a notification: one card, never text beside it. Pure. */
export function buildMessage(content: NotificationContent, options: MessageOptions): CardActivity {
  const texts = textsFor(options.locale);
  switch (content.kind) {
    case 'event':
      return buildEventCard(content, { texts, isReduced: options.isReduced });
    case 'welcome':
      return buildWelcomeCard(texts);
    case 'help':
      return buildHelpCard(texts, content.isConfused ?? false);
    case 'reply':
      return buildReplyCard(content.text);
    default:
      return assertNever(content);
  }
}
