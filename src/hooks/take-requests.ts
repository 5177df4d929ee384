// What senders come to: whether a request is theirs, and what becomes of it.

import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Dialect } from '../domain/source.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import type { Store } from '../store/store.ts';
import type { Received } from './hook-answers.ts';
import { type ReceiveDeps, receive, type VerifiedRequest } from './receive-event.ts';
import {
  type HeadVerdict,
  type HookHead,
  isAddressOf,
  isSignedBySender,
  judgeHead,
  type SignedBody,
  type SpeakingHook,
} from './verify-sender.ts';

/** A hook that somebody posts to, and how its sender speaks. */
export interface OpenedHook extends SpeakingHook {
  readonly verdict: Exclude<HeadVerdict, 'refused'>;
}

/** What an origin that may deliver here is told. */
export interface AllowedOrigin {
  readonly origin: string;
  readonly ratePerMinute: number;
}

/** The use cases behind the addresses that senders post to. */
export interface HookReception {
  /** @returns undefined for what is unknown, and for whoever cannot be its sender: nobody learns which */
  openHook(id: string, head: HookHead): Promise<OpenedHook | undefined>;
  /**
   * Whether the origin that a head names may deliver here, as section 4 of CloudEvents' "HTTP 1.1 Web Hooks" has it asked.
   * No secret but that of the address is asked for: a handshake carries no other.
   *
   * @returns undefined when it may not, whatever the reason
   */
  findAllowedOrigin(id: string, head: HookHead): Promise<AllowedOrigin | undefined>;
  /** Whether the raw bytes of the body are signed by its sender. */
  isSigned(signed: SignedBody): boolean;
  /** Whether it takes anything at present. */
  isEnabled(hook: HookRow): boolean;
  /** Everything is on disk when this resolves. @returns undefined when the sender only said hello */
  receive(verified: VerifiedRequest): Promise<Received | undefined>;
}

/** What it takes. */
export interface ReceptionDeps extends ReceiveDeps {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly dialects: readonly Dialect[];
}

const HOOK_ID = /^hook_[0-9a-f]{24}$/;

/** Binds them to the store. */
export function createHookReception(deps: ReceptionDeps): HookReception {
  const { store, clock, sealer } = deps;
  const dialects = new Map(deps.dialects.map((dialect) => [dialect.name, dialect]));
  return {
    async openHook(id, head) {
      const hook = HOOK_ID.test(id) ? await store.read.hooks.find(id) : undefined;
      const dialect = hook && dialects.get(hook.dialect);
      if (!hook || !dialect || hook.isProducerDisabled) {
        return undefined;
      }
      const verdict = judgeHead({ hook, dialect }, head, clock.nowMs());
      return verdict === 'refused' ? undefined : { hook, dialect, verdict };
    },
    async findAllowedOrigin(id, { pathSecret, headers }) {
      const hook = HOOK_ID.test(id) ? await store.read.hooks.find(id) : undefined;
      if (!hook || hook.isProducerDisabled || hook.disabledAtMs !== null) {
        return undefined;
      }
      const { origin, ratePerMinute } = hook.settings;
      const isAllowed = origin !== undefined && headers['webhook-request-origin'] === origin;
      return isAllowed && isAddressOf(hook, pathSecret, clock.nowMs()) ? { origin, ratePerMinute } : undefined;
    },
    isSigned: (signed) => isSignedBySender(sealer, signed, clock.nowMs()),
    isEnabled: ({ disabledAtMs }) => disabledAtMs === null,
    receive: (verified) => receive(deps, verified),
  };
}
