// What a person has said about how they want to be told: nothing at all, not about this, not at night, once a day. Pure.

/** `source`: everything that one system sends. `key`: one thing, by the lifecycle key of its sender. */
export type MuteKind = 'source' | 'key';

/** Something a person does not want to hear of. */
export interface Mute {
  readonly kind: MuteKind;
  /** The name of the source, or the key; compared whatever the case of its letters. */
  readonly name: string;
  /** Epoch milliseconds; null for always. */
  readonly untilMs: number | null;
}

/** A daily window in which nothing is sent, in the time zone of the person; it may pass midnight. */
export interface QuietHours {
  /** Minutes after midnight, 0 to 1439; the two differ. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Whether all of Saturday and Sunday is quiet, too. */
  readonly withWeekends: boolean;
}

/** What one person has said; everything that is absent is as it was when they installed the bot. */
export interface Preferences {
  /** Since when they want nothing at all, epoch milliseconds; absent while they want something. */
  readonly optedOutAtMs?: number;
  /** At most `PREFERENCE_LIMITS.maxMutes`. */
  readonly mutes?: readonly Mute[];
  readonly quietHours?: QuietHours;
  /** When the digest of the day comes, minutes after midnight in their time zone; absent for no digest. */
  readonly digestMinute?: number;
}

export const PREFERENCE_LIMITS = {
  maxMutes: 100,
  /** Up to here what waited is sent one by one, and above in one digest. */
  maxSingles: 3,
  /** What a digest names; the rest is counted. */
  maxDigestItems: 20,
} as const;

/** Why a message waits. */
export const DEFER_REASONS = ['quiet_hours', 'daily_digest'] as const;
export type DeferReason = (typeof DEFER_REASONS)[number];
/** Why a message is never sent. */
export type SuppressReason = 'muted' | 'opted_out';

/** A message that is about to be sent, as far as preferences ask. */
export interface JudgedMessage {
  readonly source: string;
  /** The lifecycle key of what it is about, if it has one. */
  readonly key?: string;
  /** Whether it is urgent, and its producer may pass quiet hours. */
  readonly passesQuiet: boolean;
  /** Why it has waited until now: the digest of the day that is due is not put off to the next day. */
  readonly deferredFor?: DeferReason | undefined;
}

/** `through`: it goes out in quiet hours, and says so. `defer`: epoch milliseconds, in the future. */
export type Judgement =
  | { readonly kind: 'send' }
  | { readonly kind: 'through' }
  | { readonly kind: 'suppress'; readonly reason: SuppressReason }
  | { readonly kind: 'defer'; readonly reason: DeferReason; readonly untilMs: number };
