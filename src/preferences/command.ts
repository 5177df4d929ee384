// What people can ask of the bot, and how what they wrote was read.

import type { BotAnswer } from '../domain/bot-answer.ts';
import type { QuietHours } from '../domain/preferences.ts';

/** How long something is muted: for good, until midnight where the person is, or so many milliseconds. */
export type MuteTime =
  | { readonly kind: 'always' }
  | { readonly kind: 'today' }
  | { readonly kind: 'for'; readonly ms: number };

/** A command that can be carried out. Names are as they were written. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'topics' | 'status' | 'stop' | 'start' | 'why' | 'inbox' }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly topic: string }
  | { readonly kind: 'mute'; readonly name: string; readonly time: MuteTime }
  | { readonly kind: 'unmute'; readonly name: string }
  /** Null for off. */
  | { readonly kind: 'quiet'; readonly quietHours: QuietHours | null }
  /** Minutes after midnight; null for off. */
  | { readonly kind: 'digest'; readonly minute: number | null }
  /** `isConfirmed`: asked before, and meant. */
  | { readonly kind: 'forget'; readonly isConfirmed: boolean };

/** What a text was read as. `answer`: what is wrong with it. `confused`: it is like no command at all. */
export type Reading =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'answer'; readonly answer: BotAnswer }
  | { readonly kind: 'confused' };

export const COMMAND_LIMITS = {
  /** UTF-16 units of a command. */
  maxLength: 1_000,
  /** UTF-16 units of the name of a topic, of a source, or of a key. */
  maxNameLength: 255,
  /** For how long something can be muted but always. */
  maxMuteMs: 366 * 24 * 3_600_000,
} as const;
