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
  readonly team?: { readonly id: string; readonly name?: string };
  /** Who caused the activity; absent when Teams did not say. */
  readonly from?: PersonProfile;
}

/**
 * `installed` / `removed`: the app came to or left this scope. `isAuthoritative` is true for `installationUpdate`, the
 * source of truth, and false for a `conversationUpdate` that names the bot among the members.
 * `message`: a person wrote (`text`, bot mention removed, trimmed) or pressed a card button (`value`).
 * `action`: a person pressed an `Action.Execute` button; it is answered in the turn.
 * `other`: nothing to do but to remember who and where.
 */
export type InboundEvent = InboundContext &
  (
    | { readonly kind: 'installed' | 'removed'; readonly isAuthoritative: boolean }
    | { readonly kind: 'message'; readonly text: string; readonly value?: unknown }
    | { readonly kind: 'action'; readonly verb: string; readonly data: unknown }
    | { readonly kind: 'other' }
  );
