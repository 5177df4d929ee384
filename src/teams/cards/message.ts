// What the bot says, as the message activity that Teams shows.

import type { AskView } from '../../domain/ask.ts';
import { assertNever } from '../../domain/errors.ts';
import type { LifecycleView } from '../../domain/lifecycle.ts';
import type { MentionedPerson, MessageContent, NotificationMenu } from '../../domain/notification.ts';
import { buildAnswerCard } from './answer-card.ts';
import { buildHelpCard, buildReplyCard, buildWelcomeCard } from './bot-cards.ts';
import { CARD_UNITS, type CardActivity, type ComposedCard, NOTHING_LEFT_OUT } from './card-activity.ts';
import { buildDigestCard } from './digest-card.ts';
import { buildEventCard } from './event-card.ts';
import { buildOwnCard } from './own-card.ts';
import { buildPlaceCard } from './place-card.ts';
import { buildPollCard, type PollCardOptions } from './poll-card.ts';
import { buildAnsweredCard, buildDialogEndCard, buildQuestionCard } from './question-card.ts';
import { buildReminderCard, type ReminderOptions } from './reminder-card.ts';
import { buildReplacedCard } from './replaced-card.ts';
import type { CardTexts } from './texts/card-texts.ts';
import { textsFor } from './texts/texts-for.ts';
import { createTimeWriters, type Reader, type TimeWriters } from './time-text.ts';
import { buildToldCard } from './told-card.ts';

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
  /** The menu of a notification in a 1:1 chat; none when absent. */
  readonly menu?: NotificationMenu | undefined;
  /** Whether it goes out in the quiet hours of its reader, which it then says. */
  readonly isThroughQuiet?: boolean | undefined;
  /** Who has answered what the notification asks. */
  readonly asked?: AskView | undefined;
  /** Public id of the notification, which its buttons name; without it there are none. */
  readonly notification?: string | undefined;
  /** Whose clients fetch a view of their own of a card that many read, `29:...`. */
  readonly refreshFor?: readonly string[] | undefined;
  /** Whether its reader gets it because nobody else had answered, which it then says. */
  readonly isEscalated?: boolean | undefined;
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
): (content: MessageContent, options: MessageOptions) => CardActivity {
  const timeWriters = createTimeWriters();
  const built = new WeakMap<MessageContent, Map<string, CardActivity>>();
  return (content, options) => {
    if (options.refreshFor !== undefined && options.refreshFor.length > 0) {
      // One card for one chat or channel, of which the next edit makes another.
      return composeMessage(content, { ...options, maxUnits }, timeWriters).activity;
    }
    const variants = built.get(content) ?? new Map<string, CardActivity>();
    const key = keyOf(options);
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

/** All that a message is made of that is kept, beside its content. What was chosen is the same for many, so that few are made. */
function keyOf({ locale, timeZone, isReduced, acceptedAtMs, lifecycle, mentions, menu, ...others }: MessageOptions) {
  const { isThroughQuiet, isEscalated, asked, notification } = others;
  return JSON.stringify([
    ...[locale, timeZone, isReduced, acceptedAtMs, lifecycle, mentions, menu, isThroughQuiet],
    ...[isEscalated, asked, notification],
  ]);
}

/** The complete message of a notification: one card, never text beside it. Pure. */
export function buildMessage(content: MessageContent, options: MessageOptions): CardActivity {
  return composeMessage(content, options).activity;
}

/** The same, with what had to be left out. Pure. @param timeWriters kept by who builds many */
export function composeMessage(
  content: MessageContent,
  options: MessageOptions,
  timeWriters: TimeWriters = createTimeWriters(),
): ComposedCard {
  const texts = textsFor(options.locale);
  const maxUnits = options.isReduced ? CARD_UNITS.reduced : (options.maxUnits ?? CARD_UNITS.full);
  const full = { ...options, texts, maxUnits, writeTime: timeWriters(options) };
  const whole = (activity: CardActivity): ComposedCard => ({ activity, leftOut: NOTHING_LEFT_OUT });
  switch (content.kind) {
    case 'event':
      return options.lifecycle?.isReplaced ? whole(buildReplacedCard(content, texts)) : buildEventCard(content, full);
    case 'card':
      return whole(options.lifecycle?.isReplaced ? buildReplacedCard(content, texts) : buildOwnCard(content, full));
    case 'told':
      return whole(buildToldCard(content, full));
    case 'digest':
      return whole(buildDigestCard(content, full));
    case 'reminder':
    case 'poll':
    case 'question':
    case 'answered':
    case 'dialogEnd':
      return whole(buildAskingCard(content, full));
    default:
      return whole(buildOwnWords(content, options, texts));
  }
}

type AskingKind = 'reminder' | 'poll' | 'question' | 'answered' | 'dialogEnd';
type AskingContent = Extract<MessageContent, { readonly kind: AskingKind }>;

/** What is said where people are asked. */
function buildAskingCard(content: AskingContent, options: ReminderOptions & PollCardOptions): CardActivity {
  switch (content.kind) {
    case 'reminder':
      return buildReminderCard(content, options);
    case 'poll':
      return buildPollCard(content.view, options);
    case 'question':
      return buildQuestionCard(content.view, options);
    case 'answered':
      return buildAnsweredCard(content.view, options);
    case 'dialogEnd':
      return buildDialogEndCard(content, options);
    default:
      return assertNever(content);
  }
}

type OwnWords = Extract<
  MessageContent,
  { readonly kind: 'welcome' | 'help' | 'retiredButton' | 'reply' | 'answer' | 'placeWelcome' }
>;

/** What the bot says of itself and in answer. */
function buildOwnWords(content: OwnWords, options: MessageOptions, texts: CardTexts): CardActivity {
  switch (content.kind) {
    case 'welcome':
      return buildWelcomeCard(texts);
    case 'help':
      return buildHelpCard(texts, content.isConfused ?? false);
    case 'retiredButton':
      return buildReplyCard(texts.retiredButton, texts);
    case 'reply':
      return buildReplyCard(content.text, texts);
    case 'answer':
      return buildAnswerCard(content.answer, options);
    case 'placeWelcome':
      return buildPlaceCard(texts);
    default:
      return assertNever(content);
  }
}
