// What becomes of the questions that are asked: a dialog whose question does not arrive has failed, and its producer
// learns of it then, not when its time is over.

import type { Clock } from '../domain/clock.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import { dialogsLock } from '../store/locks.ts';
import type { OutgoingQuestion } from '../store/statements/asked-questions.ts';
import type { Statements, Store } from '../store/store.ts';
import { type DialogVoice, endDialog, NOT_BEGUN } from './store-dialog.ts';

/** What following takes. */
export interface FollowDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly voice: DialogVoice;
}

const PAGE = 500;

/** One that has expired is as late as its dialog: that ends with its time. */
const UNDER_WAY: readonly DeliveryState[] = ['queued', 'leased', 'sending', 'expired'];

/** Looks at all that are on their way. Several processes on one store end each dialog once. */
export async function followQuestions(deps: FollowDeps, signal: AbortSignal): Promise<void> {
  const { store } = deps;
  for (let after: number | undefined = 0; after !== undefined && !signal.aborted; ) {
    const page: readonly OutgoingQuestion[] = await store.read.dialogs.listOutgoing(after, PAGE);
    const arrived = page.filter(({ state }) => state === 'sent').map(({ notificationId }) => notificationId);
    if (arrived.length > 0) {
      await store.write((tx) => tx.dialogs.setArrived(arrived));
    }
    const lost = page.filter(({ state }) => state !== 'sent' && !UNDER_WAY.includes(state));
    for (const question of lost) {
      await store.write((tx) => failUnasked(tx, deps, question));
    }
    if (lost.length > 0) {
      store.signalWork();
    }
    after = page.length === PAGE ? page.at(-1)?.notificationId : undefined;
  }
}

async function failUnasked(tx: Statements, { clock, voice }: FollowDeps, question: OutgoingQuestion): Promise<void> {
  const { dialogId, notificationId, reason } = question;
  const { personId = null } = (await tx.dialogs.find(dialogId)) ?? {};
  if (personId !== null) {
    await tx.locks.take(dialogsLock(personId));
  }
  const dialog = await tx.dialogs.find(dialogId);
  // It may have been answered meanwhile, from another card of it or in words.
  if (dialog?.state === 'active' && dialog.askedId === notificationId) {
    const isUnseen = dialog.progress === NOT_BEGUN;
    await endDialog(tx, { dialogId, state: 'failed', reason, isUnseen, voice, nowMs: clock.nowMs() });
  }
}
