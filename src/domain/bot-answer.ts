// What the bot answers to what people write and press, free of any language: the cards put it into words.

import type { QuietHours } from './preferences.ts';

/** A topic as a person sees it. */
export interface TopicView {
  readonly name: string;
  readonly description: string;
  readonly isSubscribed: boolean;
}

/** Something that is not over yet. */
export interface OpenThing {
  readonly title: string;
  readonly source: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** How a message reached its reader: by their own name, or as one of many. */
export type AddressedBy =
  | { readonly kind: 'name' }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'team'; readonly name: string }
  | { readonly kind: 'topic'; readonly name: string }
  /** Somebody asked the bot to tell them. */
  | { readonly kind: 'mention'; readonly name: string };

/** Why somebody who was to be told was not, or is told later. */
export type TellObstacle = 'opted_out' | 'muted' | 'not_installed' | 'later' | 'failed' | 'pending';

/** What is muted, as it is shown: a name, and until when; null for always. */
export interface MuteView {
  readonly name: string;
  readonly untilMs: number | null;
}

/** All that a person has said. */
export interface SettingsView {
  readonly isOptedOut: boolean;
  readonly mutes: readonly MuteView[];
  readonly quietHours: QuietHours | null;
  readonly digestMinute: number | null;
  readonly topics: readonly string[];
  /** IANA; where times of day are counted. */
  readonly timeZone: string;
  /** Whether Teams told the zone; otherwise it is that of the service. */
  readonly isTimeZoneKnown: boolean;
}

/** What the bot answers. */
export type BotAnswer =
  | { readonly kind: 'topics'; readonly topics: readonly TopicView[] }
  | { readonly kind: 'subscribed' | 'unsubscribed'; readonly topic: string }
  /** `suggestion`: a topic of nearly that name. */
  | { readonly kind: 'noSuchTopic'; readonly topic: string; readonly suggestion?: string }
  /** Which topic, or what to mute, was not said. `command`: the word that was written. */
  | { readonly kind: 'needsName'; readonly command: string }
  | { readonly kind: 'muted'; readonly name: string; readonly untilMs: number | null }
  | { readonly kind: 'unmuted'; readonly name: string }
  | { readonly kind: 'wasNotMuted'; readonly name: string }
  | { readonly kind: 'tooManyMutes'; readonly max: number }
  | {
      readonly kind: 'quietSet';
      readonly quietHours: QuietHours;
      readonly timeZone: string;
      readonly isTimeZoneKnown: boolean;
    }
  | { readonly kind: 'quietOff' }
  | {
      readonly kind: 'digestSet';
      readonly minute: number;
      readonly timeZone: string;
      readonly isTimeZoneKnown: boolean;
    }
  | { readonly kind: 'digestOff' }
  /** A time that cannot be read. `command`: for which it was. */
  | { readonly kind: 'badTime'; readonly command: 'quiet' | 'digest' | 'mute' }
  | { readonly kind: 'settings'; readonly settings: SettingsView }
  | { readonly kind: 'stopped' | 'started' }
  | {
      readonly kind: 'why';
      readonly title: string;
      readonly source: string;
      readonly addressedBy: AddressedBy;
      readonly sentAtMs: number;
    }
  /** There is no message that could be explained. */
  | { readonly kind: 'nothingSent' }
  /** `more`: how many there are besides. */
  | { readonly kind: 'inbox'; readonly things: readonly OpenThing[]; readonly more: number }
  /** Asks whether all that is known of the person is to be erased. */
  | { readonly kind: 'forgetConfirm' }
  | { readonly kind: 'forgotten' }
  /** `suggestion`: a command of nearly that name, as it would be written. */
  | { readonly kind: 'notUnderstood'; readonly suggestion?: string }
  | { readonly kind: 'tooLong'; readonly maxLength: number }
  /** Teams did not say who writes, so there is nobody whose settings could be changed. */
  | { readonly kind: 'unknownPerson' }
  /** The button belongs to a message that this person did not get, or that is gone. */
  | { readonly kind: 'notYours' }
  /** The same press came before. */
  | { readonly kind: 'alreadyDone' }
  /** To a button whose answer is a message of its own. */
  | { readonly kind: 'seeBelow' }
  /** How `tell` is used: nobody was mentioned, or nothing was said. */
  | { readonly kind: 'tellUsage' }
  | { readonly kind: 'tellLimit'; readonly perHour: number }
  | {
      readonly kind: 'tellResult';
      readonly reached: readonly string[];
      readonly notReached: readonly { readonly name: string; readonly obstacle: TellObstacle }[];
    }
  | { readonly kind: 'acknowledged' }
  /** `title`: of the action. */
  | { readonly kind: 'responded'; readonly title: string }
  /** It is decided, recalled or over; nothing was counted. */
  | { readonly kind: 'askClosed' }
  /** What was entered is not what was asked for. */
  | { readonly kind: 'badInput'; readonly label: string }
  | { readonly kind: 'voted'; readonly choices: readonly string[] }
  /** Nothing, too much, or something that is not there was chosen. */
  | { readonly kind: 'badVote'; readonly isSeveral: boolean }
  | { readonly kind: 'pollClosed' }
  /** How `poll` is used, and where. */
  | { readonly kind: 'pollUsage' }
  | { readonly kind: 'pollLimit'; readonly perHour: number }
  /** Nobody has given the service a key that could keep the secret of an anonymous poll. */
  | { readonly kind: 'pollNotAnonymous' }
  | { readonly kind: 'dialogOver' };
