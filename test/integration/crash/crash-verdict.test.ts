// The judge of the kill tests finds each broken promise: a judge that lets everything pass shows nothing.

import type { AttemptStatus, NotificationStatus } from '../../../src/notifications/notification-status.ts';
import { type CrashBooks, findBrokenPromises, sumUp } from '../../support/crash-verdict.ts';

const attempt = (number: number, outcome: string | null): AttemptStatus => ({
  ...{ number, outcome, requestId: `request-${number}`, operation: 'post', startedAt: '', finishedAt: null },
  ...{ reason: null, httpStatus: null, correlationId: null },
});

const delivery = (state: NotificationStatus['deliveries'][number]['state'], ...outcomes: readonly string[]) => ({
  ...{ id: 'dlv_1', recipient: null, state, updatedAt: '' },
  attempts: outcomes.map((outcome, index) => attempt(index + 1, outcome)),
});

const status = (...deliveries: NotificationStatus['deliveries']): NotificationStatus => ({
  ...{ id: 'ntf_1', priority: 'normal', createdAt: '', expiresAt: '', progress: 'done', counts: {}, timeline: [] },
  ...{ changes: { waiting: 0, failed: 0 }, lifecycle: null, changedAt: null, recalledAt: null },
  ...{ hasMore: false, broadcasts: [], unresolved: [], deliveries },
});

/** Books in which notification 1 came by these requests and its second try followed an interruption. */
const books = (parts: {
  readonly status: NotificationStatus;
  readonly requests: readonly string[];
  readonly interrupted?: readonly string[];
  readonly policy?: 'resend' | 'hold';
}): CrashBooks => ({
  accepted: new Map([[1, 'ntf_1']]),
  arrived: new Map([[1, parts.requests]]),
  statuses: new Map([[1, parts.status]]),
  interrupted: new Set(parts.interrupted ?? []),
  policyOf: () => parts.policy ?? 'resend',
});

const RESENT = status(delivery('sent', 'unknown', 'delivered'));
const HELD = status(delivery('held', 'unknown'));
const BOTH = ['request-1', 'request-2'];

test.each<[string, CrashBooks]>([
  ['that came once', books({ status: status(delivery('sent', 'delivered')), requests: ['request-1'] })],
  ['that came twice after a kill', books({ status: RESENT, requests: BOTH, interrupted: ['dlv_1#1'] })],
  ['whose first try came to nothing', books({ status: RESENT, requests: ['request-2'] })],
  ['that is held and came', books({ status: HELD, requests: ['request-1'], interrupted: ['dlv_1#1'], policy: 'hold' })],
  ['that is held and did not come', books({ status: HELD, requests: [], policy: 'hold' })],
])('nothing is broken by a notification %s', (_name, kept) => {
  expect(findBrokenPromises(kept)).toEqual([]);
});

test.each<[string, CrashBooks]>([
  ['was called sent and is lost', books({ status: status(delivery('sent', 'delivered')), requests: [] })],
  ['has not exactly one delivery', books({ status: status(), requests: [] })],
  ['ended as failed', books({ status: status(delivery('failed')), requests: [] })],
  ['ended as queued', books({ status: status(delivery('queued', 'unknown')), requests: [] })],
  ['ended as held', books({ status: HELD, requests: [] })],
  ['has 2 delivered attempts', books({ status: status(delivery('sent', 'delivered', 'delivered')), requests: BOTH })],
  ['has a copy that no interrupted attempt explains', books({ status: RESENT, requests: BOTH })],
  [
    'has a copy that no interrupted attempt explains',
    books({ status: status(delivery('sent', 'delivered')), requests: BOTH }),
  ],
  ['was not to come twice', books({ status: RESENT, requests: BOTH, interrupted: ['dlv_1#1'], policy: 'hold' })],
  [
    'came twice by one request',
    books({ status: status(delivery('sent', 'delivered')), requests: ['request-1', 'request-1'] }),
  ],
])('it is found when a notification %s', (what, broken) => {
  expect(findBrokenPromises(broken)).toEqual([`1 ${what}`]);
});

test('it is found when something arrives that nobody was promised', () => {
  const kept = books({ status: RESENT, requests: [] });
  const unasked = findBrokenPromises({ ...kept, accepted: new Map(), arrived: new Map([[7, ['request-1']]]) });
  expect(unasked).toEqual(['7 arrived and was never accepted']);
});

test('the sum counts extra copies, and only of the policy that is asked for', () => {
  const twice = books({ status: RESENT, requests: BOTH, interrupted: ['dlv_1#1'] });
  const none = { accepted: 0, sent: 0, held: 0, failed: 0, arrived: 0, extraCopies: 0 };
  expect(sumUp(twice, 'resend')).toEqual({ ...none, accepted: 1, sent: 1, arrived: 1, extraCopies: 1 });
  expect(sumUp(twice, 'hold')).toEqual(none);
});
