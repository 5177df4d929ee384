// What a hook adds to what its sender says: for whom it is, and how it is meant.

import type { Priority, Severity } from './notification.ts';

/** What whoever made a hook may do. */
export interface HookRights {
  readonly canBroadcast: boolean;
  readonly canSendCards: boolean;
  /** What is urgent passes the quiet hours of people; not when absent, as in hooks that were made before there were any. */
  readonly canPassQuiet?: boolean;
}

/** How a hook is set up. */
export interface HookSettings {
  /** Who is told, as `to` names them; empty only where the sender chooses. */
  readonly to: readonly string[];
  /** Whom the sender may name in their place: forms of `to`, or `*@domain`; empty for anybody, absent where it may not choose. */
  readonly choosable?: readonly string[];
  readonly rights: HookRights;
  /** Stands in where the payload has none. */
  readonly severity?: Severity;
  /** For all that comes through it. */
  readonly priority?: Priority;
  /** False where every event gets a message of its own, whatever thing it is about. */
  readonly hasLifecycle: boolean;
  /** A template of the producer that makes the cards; the payload is its data. */
  readonly template?: string;
  /** Only what passes all of them is told, each as its owner wrote it. */
  readonly filters: readonly string[];
  /** Who may ask, by the handshake of CloudEvents, whether it may deliver here; nobody when absent. */
  readonly origin?: string;
  /** Requests a minute. */
  readonly ratePerMinute: number;
}

export const HOOK_LIMITS = {
  maxHooks: 200,
  maxFilters: 20,
  maxNameLength: 64,
  maxOriginLength: 253,
  defaultRatePerMinute: 300,
  maxRatePerMinute: 6_000,
} as const;
