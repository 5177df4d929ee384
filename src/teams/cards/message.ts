// What the bot says, as the message activity that Teams shows.

import { assertNever } from '../../domain/errors.ts';
import type { LifecycleView } from '../../domain/lifecycle.ts';
import type { MentionedPerson, NotificationContent } from '../../domain/notification.ts';
import { buildHelpCard, buildReplyCard, buildWelcomeCard } from './bot-cards.ts';
import { CARD_UNITS, type CardActivity, type ComposedCard, NOTHING_LEFT_OUT } from './card-activity.ts';
import { buildEventCard } from './event-card.ts';
import { buildOwnCard } from './own-card.ts';
import { buildReplacedCard } from './replaced-card.ts';
import { textsFor } from './texts/texts-for.ts';
import { createTimeWriters, type Reader, type TimeWriters } from './time-text.ts';

/** For whom, how long, and what is known beside the content. */
export interface MessageOptions extends Reader {
  /** The short form, about a quarter of the smallest full one. */
  readonly isReduced: boolean;
  /** Units that the full form may have; `CARD_UNITS.full` when absent. */
  readonly maxUnits?: number | undefined;
  /** When the notification was accepted, epoch milliseconds; shown where its content does not say when it happened. */
  readonly acceptedAtMs?: number | undefined;
  /** The life of what the notification is about, if it has a key. */
  readonly lifecycle?: LifecycleView | undefined;
  /** Whom the card mentions. */
  readonly mentions?: readonly MentionedPerson[] | undefined;
}

/**
 * Messages that are kept of one content. A broadcast to everyone needs one for each language and time zone, all at the
 * same time.
 */
const MAX_VARIANTS = 64;

/**
 * Builds messages as `buildMessage` does, and remembers those of each content for as long as that is around: a broadcast
 * is few messages to many. What it gives is shared, so nobody may change it.
 */
export function createMessageBuilder(
  maxUnits?: number,
): (content: NotificationContent, options: MessageOptions) => CardActivity {
  const timeWriters = createTimeWriters();
  const built = new WeakMap<NotificationContent, Map<string, CardActivity>>();
  return (content, options) => {
    const { locale, timeZone, isReduced, acceptedAtMs, lifecycle, mentions } = options;
    const variants = built.get(content) ?? new Map<string, CardActivity>();
    const key = JSON.stringify([locale, timeZone, isReduced, acceptedAtMs, lifecycle, mentions]);
    const known = variants.get(key);
    if (known) {
      return known;
    }
    if (variants.size >= MAX_VARIANTS) {
      variants.clear();
    }
    const message = composeMessage(content, { ...options, maxUnits }, timeWriters).activity;
    built.set(content, variants.set(key, message));
    return message;
  };
}

/** The complete message of a notification: one card, never text beside it. Pure. */
export function buildMessage(content: NotificationContent, options: MessageOptions): CardActivity {
  return composeMessage(content, options).activity;
}

/** The same, with what had to be left out. Pure. @param timeWriters kept by who builds many */
export function composeMessage(
  content: NotificationContent,
  options: MessageOptions,
  timeWriters: TimeWriters = createTimeWriters(),
): ComposedCard {
  const texts = textsFor(options.locale);
  const maxUnits = options.isReduced ? CARD_UNITS.reduced : (options.maxUnits ?? CARD_UNITS.full);
  const whole = (activity: CardActivity): ComposedCard => ({ activity, leftOut: NOTHING_LEFT_OUT });
  switch (content.kind) {
    case 'event':
      return options.lifecycle?.isReplaced
        ? whole(buildReplacedCard(content, texts))
        : buildEventCard(content, { ...options, texts, maxUnits, writeTime: timeWriters(options) });
    case 'card':
      return whole(options.lifecycle?.isReplaced ? buildReplacedCard(content, texts) : buildOwnCard(content));
    case 'welcome':
      return whole(buildWelcomeCard(texts));
    case 'help':
      return whole(buildHelpCard(texts, content.isConfused ?? false));
    case 'retiredButton':
      return whole(buildReplyCard(texts.retiredButton, texts));
    case 'reply':
      return whole(buildReplyCard(content.text, texts));
    default:
      return assertNever(content);
  }
}
