// What an activity from Teams means to Bellhop, free of Bot Framework shapes.

import type { ConversationReference } from './conversation.ts';
import type { PersonProfile } from './person.ts';

export type InstallationScope = 'personal' | 'team' | 'groupChat';

/** Common to every event: which activity said it, when, where, and who did it. */
export interface InboundContext {
  /** Unique within the conversation; Teams repeats it when it resends an activity. */
  readonly activityId: string;
  /** The instant that Teams stamped on the activity, epoch milliseconds. */
  readonly atMs: number;
  readonly scope: InstallationScope;
  readonly conversation: ConversationReference;
  /** The id of the channel thread it was said in: answers there stay in the thread. */
  readonly threadId?: string;
  /** Set in team scope. */
  readonly team?: {
    readonly id: string;
    readonly name?: string;
    /** Of its Microsoft 365 group, lower case. */
    readonly aadGroupId?: string;
  };
  /** Who caused the activity; absent when Teams did not say. */
  readonly from?: PersonProfile;
}

/** Somebody whom a message mentions, the bot itself left out. */
export interface HeardMention {
  /** What stands for them in the text, `<at>Ben</at>`. */
  readonly text: string;
  /** `29:...`, or the Entra object id. */
  readonly id: string;
  readonly name: string;
}

/** What can happen to a team or to one of its channels. */
export const PLACE_CHANGES = [
  'teamRenamed',
  'teamArchived',
  'teamUnarchived',
  'teamDeleted',
  'teamHardDeleted',
  'teamRestored',
  'channelCreated',
  'channelRenamed',
  'channelDeleted',
  'channelRestored',
] as const;
export type PlaceChange = (typeof PLACE_CHANGES)[number];

/**
 * `installed` / `removed`: the app came to or left this scope. `isAuthoritative` is true for `installationUpdate`, the
 * source of truth, and false for a `conversationUpdate` that names the bot among the members.
 * `selectedChannelId`: the channel that whoever installed it in a team chose.
 * `members`: people came to or left a team or group chat. `place`: a team or a channel was changed.
 * `message`: a person wrote (`text`, bot mention removed, trimmed) or pressed a card button (`value`).
 * `action`: a person pressed an `Action.Execute` button; it is answered in the turn.
 * `other`: nothing to do but to remember who and where.
 */
export type InboundEvent = InboundContext &
  (
    | {
        readonly kind: 'installed' | 'removed';
        readonly isAuthoritative: boolean;
        readonly selectedChannelId?: string;
      }
    | { readonly kind: 'members'; readonly added: readonly PersonProfile[]; readonly left: readonly PersonProfile[] }
    | {
        readonly kind: 'place';
        readonly change: PlaceChange;
        readonly channel?: { readonly id: string; readonly name?: string };
      }
    | {
        readonly kind: 'message';
        readonly text: string;
        readonly value?: unknown;
        /** In the order of the text; absent when there are none. */
        readonly mentions?: readonly HeardMention[];
      }
    /** The person of a 1:1 chat has read it up to this message. */
    | { readonly kind: 'read'; readonly lastReadMessageId: string }
    /** As Teams names them. */
    | {
        readonly kind: 'reaction';
        readonly messageId: string;
        readonly added: readonly string[];
        readonly removed: readonly string[];
      }
    | { readonly kind: 'action'; readonly verb: string; readonly data: unknown }
    | { readonly kind: 'other' }
  );
