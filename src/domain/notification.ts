// What a producer asks Bellhop to say. A notification never changes once it is accepted.

import type { Ask } from './ask.ts';
import type { BotAnswer } from './bot-answer.ts';
import type { AnsweredView, DialogState, QuestionView } from './dialog.ts';
import { AppError } from './errors.ts';
import type { PollView } from './poll.ts';

export const SEVERITIES = ['info', 'success', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Order inside a lane: all urgent before all normal before all bulk. */
export const PRIORITIES = ['urgent', 'normal', 'bulk'] as const;
export type Priority = (typeof PRIORITIES)[number];

/**
 * What to do when it cannot be known whether Teams posted a message (the process died, or the answer was lost):
 * `resend` posts again, at least once; `hold` stops and lists it for an operator, at most once.
 */
export const UNKNOWN_POLICIES = ['resend', 'hold'] as const;
export type UnknownPolicy = (typeof UNKNOWN_POLICIES)[number];

/** One line of a card's list of facts. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** A button that opens an https address. */
export interface TitledLink {
  readonly title: string;
  readonly url: string;
}

/** A picture, fetched by Teams from an https address, and the words that stand for it. */
export interface DescribedImage {
  readonly url: string;
  readonly alt: string;
}

/** How `text` is meant: the characters themselves, or a limited, safe markdown. */
export const TEXT_FORMATS = ['plain', 'markdown'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

/** An event from an external system. All text is literal, but for `text` where it is said to be markdown. */
export interface EventContent {
  readonly kind: 'event';
  readonly title: string;
  readonly text?: string;
  /** `plain` when absent. */
  readonly textFormat?: TextFormat;
  readonly severity: Severity;
  readonly facts: readonly NameValue[];
  readonly links: readonly TitledLink[];
  /** Absent when there are none. */
  readonly images?: readonly DescribedImage[];
  /** The text of the toast and of the chat list; the title when absent. */
  readonly summary?: string;
  /** The producer's name, shown as the source. */
  readonly source: string;
  /** When it happened, epoch milliseconds; absent where nobody said. */
  readonly occurredAtMs?: number;
  /** How many people it mentions; who they are stands with the people, so that it can be forgotten. */
  readonly mentionCount?: number;
  /** Whether it may pass the quiet hours of people; absent when not. */
  readonly passesQuiet?: true;
  /** What it asks; absent when nothing. */
  readonly ask?: Ask;
}

/** Somebody whom a card mentions, as Teams knows them. */
export interface MentionedPerson {
  /** `29:...`, or the Entra object id. */
  readonly id: string;
  readonly name: string;
}

/** An Adaptive Card of the producer's own making, checked when it was accepted. */
export interface CardContent {
  readonly kind: 'card';
  /** Shown where the card cannot be: in the history of its key, and by clients without cards. */
  readonly title: string;
  readonly severity: Severity;
  /** The text of the toast and of the chat list. */
  readonly summary: string;
  /** An Adaptive Card. */
  readonly card: Readonly<Record<string, unknown>>;
  readonly source: string;
  /** Whether it may pass the quiet hours of people; absent when not. */
  readonly passesQuiet?: true;
}

/** What a producer can have said. */
export type ProducerContent = EventContent | CardContent;

/**
 * What the bot itself has to say. `isConfused`: it did not understand what the person wrote. `retiredButton`: the button
 * that the person pressed is no longer in use.
 */
export type BotContent =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'help'; readonly isConfused?: boolean }
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'retiredButton' }
  /** The one post in a team or group chat that the bot was added to. */
  | { readonly kind: 'placeWelcome' }
  | { readonly kind: 'answer'; readonly answer: BotAnswer }
  /** Once more, what nobody has answered; all text is literal. */
  | {
      readonly kind: 'reminder';
      /** Public id of what it reminds of. */
      readonly notification: string;
      readonly title: string;
      readonly source: string;
      readonly ask: Ask;
      /** Of the thing that it is about, for those who have muted that; absent when it has none. */
      readonly key?: string;
    }
  | { readonly kind: 'poll'; readonly view: PollView }
  | { readonly kind: 'question'; readonly view: QuestionView }
  /** The end of a dialog, whatever it was. */
  | { readonly kind: 'dialogEnd'; readonly title: string; readonly state: DialogState; readonly thanks?: string }
  | ToldContent;

/** What somebody asked the bot to tell somebody else. All text is literal. */
export interface ToldContent {
  readonly kind: 'told';
  readonly text: string;
  /** Who said it, as Teams shows them. */
  readonly by: string;
  /** Where: the team and its channel, or the group chat; absent where Teams did not say. */
  readonly place?: string;
  /** As every notification has one, for those who mute it. */
  readonly source: string;
}

/** One of the messages that a digest stands for. */
export interface DigestItem {
  readonly title: string;
  readonly source: string;
  readonly severity: Severity;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** The first link, if there is one. */
  readonly link?: TitledLink;
}

/** Made when it is sent, of what waited; it is never stored. */
export interface DigestContent {
  readonly kind: 'digest';
  /** Why they waited. */
  readonly because: 'quiet_hours' | 'daily_digest' | 'too_many';
  /** Oldest first. */
  readonly items: readonly DigestItem[];
  /** How many there are besides. */
  readonly more: number;
}

/** What the menu of a notification is about. */
export interface NotificationMenu {
  /** Public id, `ntf_...`. */
  readonly notification: string;
  /** Whether it has a key, so that this one thing can be muted. */
  readonly hasKey: boolean;
}

export type NotificationContent = ProducerContent | BotContent;

/** A question that nobody can answer any more; it is never stored. */
export interface AnsweredContent {
  readonly kind: 'answered';
  readonly view: AnsweredView;
}

/** What can be posted. */
export type MessageContent = NotificationContent | DigestContent | AnsweredContent;

/** What stands in the place of content that was erased. */
export const ERASED_CONTENT = { kind: 'erased' } as const;

/** Content as it is kept: what was to be said, or that it is gone. */
export type StoredContent = NotificationContent | typeof ERASED_CONTENT;

/** For whoever has made sure before that it is still there. @throws AppError `internal` */
export function requireContent(content: StoredContent): NotificationContent {
  if (content.kind === 'erased') {
    throw new AppError('internal', 'Expected the content of a notification, found it erased');
  }
  return content;
}

/** Bounds of a request; the HTTP schema and its error messages are made from these. */
export const NOTIFICATION_LIMITS = {
  maxRecipients: 100,
  maxKeyLength: 255,
  maxTitleLength: 256,
  maxTextLength: 16_384,
  maxSummaryLength: 256,
  maxFacts: 30,
  maxFactNameLength: 128,
  maxFactValueLength: 1_024,
  maxMentions: 5,
  /** Teams' store rule allows six actions on a card. */
  maxLinks: 6,
  maxLinkTitleLength: 64,
  /** More pictures than this push what is to be done off the screen of a phone. */
  maxImages: 4,
  maxImageAltLength: 128,
  maxUrlLength: 2_048,
  defaultTtl: 'P1D',
  defaultTtlMs: 24 * 3_600_000,
  minTtlMs: 10_000,
  maxTtlMs: 7 * 24 * 3_600_000,
  /** How far the clock of a producer may be ahead of ours. */
  maxAheadMs: 5 * 60_000,
} as const;
