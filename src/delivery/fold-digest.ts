// Telling of many messages that wait for one person in one: those that their own wishes held up, or the limit of
// notifications to one person.

import type { Clock } from '../domain/clock.ts';
import type { StoredContent } from '../domain/notification.ts';
import { wasHeldBack } from '../domain/pacing.ts';
import { PREFERENCE_LIMITS } from '../domain/preferences.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { WaitingPost } from '../store/statements/digests.ts';
import type { Statements, Store } from '../store/store.ts';
import { composeDigest, type Digest, type DigestPart, isAddressed } from './compose-digest.ts';
import type { Held } from './held.ts';
import { judgeMessage, passesQuiet, type Wishes } from './judge-message.ts';
import { planMessage } from './plan-message.ts';

/** What folding takes. */
export interface FoldDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly defaultTimeZone: string;
}

/** What more waits comes with the next digest. */
const MAX_FOLDED = 500;

/**
 * Leases the others to this delivery, before its attempt begins; an attempt that is made again tells of the same ones.
 *
 * @returns undefined when it goes by itself
 */
export async function foldDigest({ store, clock, ...deps }: FoldDeps, held: Held): Promise<Digest | undefined> {
  const { claimed, lease } = held;
  const fewest = fewestFor(claimed);
  if (!isAddressed(claimed.content) || (!claimed.isDigest && fewest === undefined)) {
    return undefined;
  }
  const first = { ...claimed, content: claimed.content };
  return store.write(async (tx) => {
    const nowMs = clock.nowMs();
    if (claimed.isDigest) {
      return toDigest(first, await tx.digests.keepFolded(lease, nowMs));
    }
    const others = await findOthers(tx, first, { ...deps, nowMs });
    if (others.length + 1 < (fewest ?? 0)) {
      return undefined;
    }
    const folded = await tx.digests.fold(lease, idsOf(others));
    return toDigest(
      first,
      others.filter(({ id }) => folded.includes(id)),
    );
  });
}

function idsOf(posts: readonly WaitingPost[]): readonly number[] {
  return posts.map(({ id }) => id);
}

function toDigest(first: DigestPart, others: readonly { content: StoredContent; acceptedAtMs: number }[]) {
  const parts = others.flatMap((other) => (isAddressed(other.content) ? [{ ...other, content: other.content }] : []));
  return parts.length === 0 ? undefined : composeDigest(first, parts);
}

/** How many messages at least are told of in one; undefined when this one was not held up. */
function fewestFor(claimed: ClaimedDelivery): number | undefined {
  const { attempts, failures, deferredFor, notifiedAtMs, acceptedAtMs, scheduledAtMs = 0 } = claimed;
  if (attempts > 0 || failures > 0 || passesQuiet(claimed)) {
    return undefined;
  }
  if (deferredFor === 'daily_digest') {
    return 2;
  }
  const wasHeld = deferredFor === 'quiet_hours' || wasHeldBack(notifiedAtMs, Math.max(acceptedAtMs, scheduledAtMs));
  return wasHeld ? PREFERENCE_LIMITS.maxSingles + 1 : undefined;
}

/** What waits for the same person and would go now, too, as a message of its own. */
async function findOthers(
  tx: Statements,
  claimed: ClaimedDelivery,
  { nowMs, defaultTimeZone }: Wishes,
): Promise<readonly WaitingPost[]> {
  const { conversationId, unknownPolicy } = claimed;
  const waiting = await tx.digests.listWaiting({ conversationId, unknownPolicy, nowMs }, MAX_FOLDED);
  const others: WaitingPost[] = [];
  for (const post of waiting) {
    const { preferences, target } = claimed;
    const { kind } = judgeMessage({ ...post, preferences, target }, post.key, { nowMs, defaultTimeZone });
    // One cannot vote in a digest.
    const isFoldable = isAddressed(post.content) && !passesQuiet(post);
    if (kind === 'send' && isFoldable && (await isPosted(tx, post))) {
      others.push(post);
    }
  }
  return others;
}

/** About a thing with a key it may have become an edit, or nothing at all. */
async function isPosted(tx: Statements, post: WaitingPost): Promise<boolean> {
  const plan = await planMessage(tx, { ...post, operation: 'post', remedies: [] });
  return plan.kind === 'request' && plan.request.operation === 'post';
}
