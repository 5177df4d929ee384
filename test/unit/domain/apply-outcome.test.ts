// What each outcome of an attempt means for its delivery, row by row.

import { applyOutcome, type DeliveryFacts, type Outcome, type Transition } from '../../../src/domain/delivery.ts';

const FIRST_POST: DeliveryFacts = {
  operation: 'post',
  failures: 0,
  sameFailures: 0,
  isReduced: false,
  unknownPolicy: 'resend',
  remedies: [],
  isReopening: false,
};
const JITTER = 0.5;

/** Half of the first step of the schedule. */
const FIRST_DELAY_MS = 500;

function decide(outcome: Exclude<Outcome, { kind: 'created' }>, facts: Partial<DeliveryFacts> = {}): Transition {
  return applyOutcome({ ...FIRST_POST, ...facts }, outcome, JITTER);
}

test('a delivered message is sent, and its id is kept', () => {
  expect(decide({ kind: 'delivered', activityId: '1485983408511' }, { failures: 3, isReduced: true })).toEqual({
    state: 'sent',
    failures: 3,
    isReduced: true,
    activityId: '1485983408511',
  });
});

describe('a throttled delivery', () => {
  test('waits for Retry-After, and so does everything in the scope of the 429', () => {
    const outcome = { kind: 'throttled', reason: 'throttled', retryAfterMs: 9_000, scope: 'conversation' } as const;
    const transition = decide(outcome, { failures: 2 });
    expect(transition).toMatchObject({ state: 'queued', failures: 2, reason: 'throttled' });
    expect(transition.pause).toEqual({ scope: 'conversation', delayMs: 9_000 });
    expect(transition.delayMs).toBeGreaterThanOrEqual(9_000);
  });

  test('waits one second when Teams does not say how long', () => {
    const transition = decide({ kind: 'throttled', reason: 'throttled', scope: 'lane' });
    expect(transition.pause).toEqual({ scope: 'lane', delayMs: 1_000 });
    expect(transition.delayMs).toBeGreaterThanOrEqual(1_000);
  });

  test.each([
    [0, 1_000],
    [-5_000, 1_000],
    [Number.NaN, 1_000],
    [Number.POSITIVE_INFINITY, 1_000],
    [10 * 3_600_000, 3_600_000],
  ])('with a Retry-After of %s ms holds its scope back for %i ms', (retryAfterMs, delayMs) => {
    const outcome = { kind: 'throttled', reason: 'throttled', retryAfterMs, scope: 'lane' } as const;
    expect(decide(outcome).pause).toEqual({ scope: 'lane', delayMs });
  });
});

describe('a transient failure', () => {
  test('is tried again with full jitter, and counts', () => {
    expect(decide({ kind: 'transient', reason: 'concurrent_operation' })).toEqual({
      state: 'queued',
      failures: 1,
      isReduced: false,
      reason: 'concurrent_operation',
      delayMs: FIRST_DELAY_MS,
    });
  });

  test('is tried again whatever the policy and however often it failed', () => {
    const outcome = { kind: 'transient', reason: 'unreachable_host' } as const;
    expect(decide(outcome, { unknownPolicy: 'hold', failures: 500 })).toMatchObject({ state: 'queued', failures: 501 });
  });

  test('waits at least Retry-After', () => {
    const { delayMs } = decide({ kind: 'transient', reason: 'token_unavailable', retryAfterMs: 30_000 });
    expect(delayMs).toBeGreaterThanOrEqual(30_000);
  });
});

describe('an outcome that nobody can know', () => {
  const lost = { kind: 'unknown', reason: 'response_lost' } as const;

  test('is posted again under the policy "resend"', () => {
    expect(decide(lost)).toMatchObject({
      state: 'queued',
      failures: 1,
      reason: 'response_lost',
      delayMs: FIRST_DELAY_MS,
    });
  });

  test('waits for an operator under the policy "hold"', () => {
    expect(decide(lost, { unknownPolicy: 'hold' })).toEqual({
      state: 'held',
      failures: 1,
      isReduced: false,
      reason: 'response_lost',
    });
  });

  test.each(['resend', 'hold'] as const)(
    'of opening the chat is tried again under "%s": it posts nothing',
    (policy) => {
      expect(decide(lost, { operation: 'create_conversation', unknownPolicy: policy })).toMatchObject({
        state: 'queued',
        failures: 1,
      });
    },
  );

  test('is posted again as often as its cause allows, then it fails', () => {
    const internal = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
    expect(decide(internal)).toMatchObject({ state: 'queued', failures: 1 });
    expect(decide(internal, { failures: 1, sameFailures: 1 })).toMatchObject({ state: 'failed', failures: 2 });
  });

  test('of opening the chat ends as well where its cause is not worth more tries', () => {
    const internal = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
    const facts = { operation: 'create_conversation', unknownPolicy: 'hold' } as const;
    expect(decide(internal, facts)).toMatchObject({ state: 'queued', failures: 1 });
    expect(decide(internal, { ...facts, sameFailures: 1 })).toMatchObject({ state: 'failed', reason: 'server_error' });
  });

  test('of a post is held under the policy "hold", however often its cause was met before', () => {
    const internal = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
    expect(decide(internal, { unknownPolicy: 'hold', sameFailures: 1 })).toMatchObject({ state: 'held' });
  });

  test('is posted again although other attempts failed for other causes before', () => {
    const internal = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
    expect(decide(internal, { failures: 7 })).toMatchObject({ state: 'queued', failures: 8 });
  });
});

describe('a chat that is lost', () => {
  test('ends the delivery, and nothing more is sent there', () => {
    expect(decide({ kind: 'gone', reason: 'blocked_by_user', isUninstalled: false })).toEqual({
      state: 'failed',
      failures: 1,
      isReduced: false,
      reason: 'blocked_by_user',
      installation: 'unreachable',
    });
  });

  test('by an uninstall ends the delivery, and the installation is removed', () => {
    const transition = decide({ kind: 'gone', reason: 'not_in_roster', isUninstalled: true });
    expect(transition).toMatchObject({ state: 'failed', reason: 'not_in_roster', installation: 'removed' });
  });
});

test('a message that Teams refuses has failed, and the installation stays as it is', () => {
  expect(decide({ kind: 'rejected', reason: 'bad_request' })).toEqual({
    state: 'failed',
    failures: 1,
    isReduced: false,
    reason: 'bad_request',
  });
});

test('a chat that is refused while it is opened again is lost', () => {
  const facts = { operation: 'create_conversation', isReopening: true } as const;
  expect(decide({ kind: 'rejected', reason: 'bad_request' }, facts)).toEqual({
    state: 'failed',
    failures: 1,
    isReduced: false,
    reason: 'conversation_not_found',
    installation: 'unreachable',
  });
});

test('a message that is too large is sent at once in its short form, and fails if that is too large', () => {
  expect(decide({ kind: 'tooLarge' })).toMatchObject({ state: 'queued', isReduced: true, delayMs: 0 });
  expect(decide({ kind: 'tooLarge' }, { isReduced: true })).toMatchObject({ state: 'failed', reason: 'too_large' });
});

test('a postponed attempt costs nothing: the delivery is queued again at once, without a failure', () => {
  expect(decide({ kind: 'postponed' })).toEqual({ state: 'queued', failures: 0, isReduced: false, delayMs: 0 });
});

describe('a message that is in the chat', () => {
  const EDIT = { operation: 'update', activityId: '17' } as const;
  const RECALL = { operation: 'delete', activityId: '17' } as const;

  test('is sent, as itself, when it was edited, and recalled when it was taken away', () => {
    expect(decide({ kind: 'edited' }, EDIT)).toEqual({
      state: 'sent',
      failures: 0,
      isReduced: false,
      activityId: '17',
    });
    expect(decide({ kind: 'removed' }, RECALL)).toEqual({ state: 'recalled', failures: 0, isReduced: false });
  });

  test('that is missing needs no recall', () => {
    expect(decide({ kind: 'missing' }, RECALL)).toMatchObject({ state: 'recalled' });
  });

  test('that is missing is posted anew instead of edited, once', () => {
    const first = decide({ kind: 'missing' }, { ...EDIT, remedies: ['post_anew'] });
    expect(first).toMatchObject({ state: 'queued', remedy: 'post_anew', delayMs: 0, reason: 'message_not_found' });
    expect(decide({ kind: 'missing' }, EDIT)).toMatchObject({ state: 'failed', reason: 'message_not_found' });
  });

  test.each([EDIT, RECALL])(
    'is changed however often the answer is lost, whatever the policy for posts: %j',
    (facts) => {
      const lost = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
      const transition = decide(lost, { ...facts, sameFailures: 9, failures: 9, unknownPolicy: 'hold' });
      expect(transition).toMatchObject({ state: 'queued', failures: 10 });
    },
  );
});
