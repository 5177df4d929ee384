// Opening the 1:1 chat of a delivery that has none yet.

import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { makeAttempt } from './attempt.ts';
import { type FinishDeps, finish, learn, limited, putBack } from './finish.ts';
import type { Passed } from './held.ts';
import type { Sender } from './sender.ts';
import { writePatiently } from './write-patiently.ts';

/** What opening takes. */
export interface OpenChatDeps extends FinishDeps {
  readonly sender: Pick<Sender, 'createConversation'>;
}

/** Whom to open the chat with. The pairwise id is Teams' own; the Entra object id is for when it does not decrypt. */
export function memberIdOf({ target, remedies }: ClaimedDelivery): string | undefined {
  const { teamsUserId, aadObjectId } = target;
  return remedies.includes('reopen_by_object_id') ? (aadObjectId ?? teamsUserId) : (teamsUserId ?? aadObjectId);
}

/** @returns the chat to post to; undefined when the delivery is settled already */
export async function openChat(deps: OpenChatDeps, held: Passed): Promise<string | undefined> {
  const { claimed, lease, turn } = held;
  const { tenantId, serviceUrl, botAccountId } = claimed.target;
  const memberId = memberIdOf(claimed) ?? '';
  const attempt = await makeAttempt(deps, { lease, operation: 'create_conversation', turn }, (requestId) =>
    limited(deps, (signal) =>
      deps.sender.createConversation({ requestId, tenantId, serviceUrl, botAccountId, memberId }, signal),
    ),
  );
  learn(deps, held, attempt);
  const outcome = attempt?.result.outcome;
  if (!attempt || outcome?.kind !== 'created') {
    await finish(deps, held, { attempt, operation: 'create_conversation' });
    return undefined;
  }
  const { conversationId } = outcome;
  const isKept = await writePatiently(deps, async (tx) => {
    const nowMs = deps.clock.nowMs();
    const isOurs = await tx.queue.endAttempt(lease, { ...attempt.end, nowMs });
    if (isOurs) {
      await tx.conversations.setConversationId(claimed.conversationId, conversationId, nowMs);
    }
    return isOurs;
  });
  return isKept && (await takeNextSlot(deps, held)) ? conversationId : undefined;
}

/** The post is a second request. @returns false when it has to wait: then the delivery is back in the queue */
async function takeNextSlot(deps: OpenChatDeps, held: Passed): Promise<boolean> {
  const { pacer } = deps;
  if ((await pacer.takeSlot(held.turn)) && (await pacer.untilSlot(held.turn))) {
    return true;
  }
  await putBack(deps, held);
  return false;
}
