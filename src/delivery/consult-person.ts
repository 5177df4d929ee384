// Right before a post: whether its person wants it now, later or never, and whether it goes by itself or in a digest.

import { assertNever } from '../domain/errors.ts';
import type { Judgement } from '../domain/preferences.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { type FoldDeps, foldDigest } from './fold-digest.ts';
import type { Held } from './held.ts';
import { judgeMessage, sourceOf } from './judge-message.ts';
import type { MessagePlan } from './plan-message.ts';

/** What is to be done: the request as it is then, or nothing now. */
export type Consulted =
  | { readonly kind: 'request'; readonly request: MessagePlan }
  | Extract<Judgement, { readonly kind: 'suppress' | 'defer' }>;

/** Edits, deletions, what the bot says of its own and what goes to many are not asked for. */
export async function consultPerson(deps: FoldDeps, held: Held, request: MessagePlan): Promise<Consulted> {
  const { claimed } = held;
  const isAsked = request.operation === 'post' && claimed.isPersonal && sourceOf(claimed.content) !== undefined;
  const consulted = isAsked ? await consult(deps, held, request) : { kind: 'request' as const, request };
  const isByItself = consulted.kind === 'request' && consulted.request.digest === undefined;
  if (claimed.isDigest && isByItself) {
    await deps.store.write((tx) => tx.digests.unfold(held.lease));
  }
  return consulted;
}

async function consult(deps: FoldDeps, held: Held, request: MessagePlan): Promise<Consulted> {
  const judgement = await judgeClaimed(deps, held.claimed);
  switch (judgement.kind) {
    case 'suppress':
    case 'defer':
      return judgement;
    case 'through':
      return { kind: 'request', request: { ...request, isThroughQuiet: true } };
    case 'send': {
      const digest = await foldDigest(deps, held);
      return { kind: 'request', request: digest ? { operation: 'post', digest } : request };
    }
    default:
      return assertNever(judgement);
  }
}

/** What has begun is finished, also when quiet hours have begun meanwhile. */
async function judgeClaimed({ store, clock, defaultTimeZone }: FoldDeps, claimed: ClaimedDelivery): Promise<Judgement> {
  const isKeyMuted = claimed.preferences?.mutes?.some(({ kind }) => kind === 'key') ?? false;
  const asksForKey = isKeyMuted && claimed.lifecycleId !== undefined;
  const key = asksForKey ? await store.read.lifecycles.findKey(claimed.notificationId) : undefined;
  const judgement = judgeMessage(claimed, key, { nowMs: clock.nowMs(), defaultTimeZone });
  const hasBegun = claimed.attempts > 0 || claimed.failures > 0;
  return judgement.kind === 'defer' && hasBegun ? { kind: 'send' } : judgement;
}
