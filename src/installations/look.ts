// A client asks by itself for a card as one person is to see it. Many do so at once, after each edit of a card.

import type { Clock } from '../domain/clock.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import { isRefresh, PRESS_VERB } from '../domain/press.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { Store } from '../store/store.ts';
import type { Converse } from './converse.ts';
import { findKnown } from './recognise.ts';
import { subjectDigest } from './recording.ts';

/** What looking takes. */
export interface LookDeps {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  readonly converse: Pick<Converse, 'press'>;
}

/**
 * Nobody has said anything, so nothing is written.
 *
 * @returns undefined for a press, and wherever the activity tells anything that is new
 */
export async function look(
  { store, clock, converse }: LookDeps,
  event: Extract<InboundEvent, { kind: 'action' }>,
): Promise<PressAnswer | undefined> {
  const digest = subjectDigest(event);
  if (event.scope === 'personal' || event.verb !== PRESS_VERB || !isRefresh(event.data) || digest === undefined) {
    return undefined;
  }
  const tx = store.read;
  const known = await findKnown(tx, event, digest);
  return known && converse.press({ tx, nowMs: clock.nowMs(), event, ...known.recognised });
}
