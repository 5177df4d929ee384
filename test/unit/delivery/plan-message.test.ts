// What a delivery about a thing does in its chat, by what the chat shows.

import { type Plan, type PlannedDelivery, planInLifecycle } from '../../../src/delivery/plan-message.ts';
import type { LifecyclePlace } from '../../../src/store/statements/lifecycle-places.ts';
import { EVENT } from '../../support/store-fixtures.ts';

const PLACE: LifecyclePlace = {
  lifecycle: {
    ...{ id: 1, notificationId: 1, state: 'open', peakSeverity: 'info', firstMessage: 1, messageNumber: 1 },
    ...{ openedAtMs: 5, editedAtMs: 5, forgotten: 0 },
    history: [{ atMs: 5, state: 'open', severity: 'info', title: 'Disk', count: 1 }],
  },
  ...{ conversationId: 1, messageNumber: 1, firstMessage: 1, state: 'open' },
  ...{ newerMessage: undefined, isUncertain: false, shownActivityId: undefined },
};
const POST: PlannedDelivery = { operation: 'post', content: EVENT, acceptedAtMs: 7, remedies: [] };
const EDIT: PlannedDelivery = { ...POST, operation: 'update' };
const OWN: PlannedDelivery = { ...EDIT, activityId: '1' };

/** The plan in few words: what is done to which message, and how the card says that it stands. */
function plan(delivery: PlannedDelivery, place: Partial<LifecyclePlace> = {}): string {
  const made: Plan = planInLifecycle(delivery, { ...PLACE, ...place });
  if (made.kind !== 'request') {
    return made.kind === 'end' ? `${made.state} ${made.reason}` : made.kind;
  }
  const { operation, about } = made.request;
  const message = 'activityId' in made.request ? ` ${made.request.activityId}` : '';
  return `${operation}${message} as ${about?.view.isReplaced ? 'replaced' : about?.view.state}`;
}

const resolved = { ...PLACE.lifecycle, state: 'resolved' } as const;
const later = { ...PLACE.lifecycle, messageNumber: 2 };

test.each<[string, PlannedDelivery, Partial<LifecyclePlace>, string]>([
  ['nothing is shown', POST, {}, 'post as open'],
  ['its message is shown', POST, { shownActivityId: '9' }, 'update 9 as open'],
  ['it was to edit and nothing is shown', EDIT, {}, 'become_post'],
  ['it was to edit what is shown', EDIT, { shownActivityId: '9' }, 'update 9 as open'],
  [
    'a newer event of the same message waits',
    POST,
    { newerMessage: 1, shownActivityId: '9' },
    'superseded newer_event',
  ],
  ['a newer message waits', POST, { newerMessage: 2, lifecycle: later }, 'superseded newer_event'],
  [
    'it ends an earlier message',
    EDIT,
    { newerMessage: 2, lifecycle: later, shownActivityId: '9', state: 'resolved' },
    'update 9 as resolved',
  ],
  ['all is over and nothing is shown', POST, { lifecycle: resolved }, 'superseded nothing_shown'],
  ['all is over and nobody knows what is shown', POST, { lifecycle: resolved, isUncertain: true }, 'post as resolved'],
  [
    'all is over and its message was lost',
    { ...POST, remedies: ['post_anew'] },
    { lifecycle: resolved },
    'post as resolved',
  ],
  ['its own message is edited', OWN, {}, 'update 1 as open'],
  ['its own message is edited by a newer event next', OWN, { newerMessage: 1 }, 'sent null'],
  ['its own message was replaced', OWN, { newerMessage: 2, lifecycle: later }, 'update 1 as replaced'],
  ['its own message is recalled', { ...OWN, operation: 'delete' }, { newerMessage: 1 }, 'delete 1 as open'],
])('%s', (_name, delivery, place, expected) => {
  expect(plan(delivery, place)).toBe(expected);
});

describe('in a channel', () => {
  const threads = { own: '1', shown: '2', next: '3' };
  const threadOf = (delivery: PlannedDelivery, place: Partial<LifecyclePlace> = {}) => {
    const made = planInLifecycle(delivery, { ...PLACE, threads, ...place });
    return made.kind === 'request' ? made.request.threadId : made.kind;
  };

  test('a new message answers the first one about the same thing', () => {
    expect(threadOf(POST)).toBe('3');
    expect(threadOf(POST, { threads: { ...threads, next: undefined } })).toBeUndefined();
  });

  test('an edit and a deletion go to the thread of their message', () => {
    expect(threadOf(OWN)).toBe('1');
    expect(threadOf({ ...OWN, operation: 'delete' })).toBe('1');
    expect(threadOf(EDIT, { shownActivityId: '9' })).toBe('2');
  });

  test('there are no threads elsewhere', () => {
    const made = planInLifecycle(POST, PLACE);
    expect(made.kind === 'request' && 'threadId' in made.request).toBe(false);
  });
});
