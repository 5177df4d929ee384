// What holds for every outcome of every delivery.

import fc from 'fast-check';
import { applyOutcome, type DeliveryFacts, OPERATIONS, type Outcome } from '../../../src/domain/delivery.ts';
import { FAILURE_REASONS, type FailureReason } from '../../../src/domain/failure-reason.ts';
import { REMEDIES } from '../../../src/domain/healing.ts';
import { RETRY_SCHEDULE } from '../../../src/domain/retry.ts';

type SettledOutcome = Exclude<Outcome, { kind: 'created' }>;

const isReason = (name: string): name is FailureReason => name in FAILURE_REASONS;
const reason = fc.constantFrom(...Object.keys(FAILURE_REASONS).filter(isReason));
const retryAfterMs = fc.oneof(
  fc.integer({ min: 1, max: 2 * RETRY_SCHEDULE.maxRetryAfterMs }),
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE),
);

const outcome: fc.Arbitrary<SettledOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('delivered' as const), activityId: fc.string({ minLength: 1 }) }),
  fc.record(
    {
      kind: fc.constant('throttled' as const),
      reason,
      retryAfterMs,
      scope: fc.constantFrom('conversation' as const, 'lane' as const),
    },
    { requiredKeys: ['kind', 'reason', 'scope'] },
  ),
  fc.record({ kind: fc.constant('transient' as const), reason, retryAfterMs }, { requiredKeys: ['kind', 'reason'] }),
  fc.record(
    { kind: fc.constant('unknown' as const), reason, maxResends: fc.nat(3) },
    { requiredKeys: ['kind', 'reason'] },
  ),
  fc.record({ kind: fc.constant('gone' as const), reason, isUninstalled: fc.boolean() }),
  fc.record({ kind: fc.constant('rejected' as const), reason }),
  fc.record({ kind: fc.constantFrom('edited' as const, 'removed' as const, 'missing' as const) }),
  fc.record({ kind: fc.constant('tooLarge' as const) }),
  fc.record({ kind: fc.constant('postponed' as const) }),
);

const facts: fc.Arbitrary<DeliveryFacts> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  failures: fc.oneof(fc.nat(3), fc.nat(100_000)),
  sameFailures: fc.nat(3),
  isReduced: fc.boolean(),
  unknownPolicy: fc.constantFrom('resend' as const, 'hold' as const),
  remedies: fc.subarray([...REMEDIES]),
  isReopening: fc.boolean(),
  activityId: fc.constant('17'),
});

const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function always(rule: (given: DeliveryFacts, came: SettledOutcome, became: ReturnType<typeof applyOutcome>) => void) {
  fc.assert(
    fc.property(facts, outcome, jitter, (given, came, chance) => rule(given, came, applyOutcome(given, came, chance))),
    { numRuns: 10_000 },
  );
}

test('no delivery is lost: it is sent, it waits for a known time, or it says why it ended', () => {
  always((given, came, became) => {
    switch (became.state) {
      case 'sent':
        expect(became.activityId).toBe(came.kind === 'delivered' ? came.activityId : given.activityId);
        break;
      case 'recalled':
        expect(['removed', 'missing', 'gone']).toContain(came.kind);
        break;
      case 'queued':
        expect(Number.isInteger(became.delayMs) && Number(became.delayMs) >= 0).toBe(true);
        break;
      default:
        expect(FAILURE_REASONS).toHaveProperty(String(became.reason));
        expect(became).not.toHaveProperty('delayMs');
    }
  });
});

test('what was certainly not posted for a passing cause is tried again', () => {
  always((_, { kind }, { state }) => {
    if (kind === 'throttled' || kind === 'transient') {
      expect(state).toBe('queued');
    }
  });
});

test('a post of unknown outcome is never repeated when its producer said to hold', () => {
  always(({ operation, unknownPolicy }, { kind }, { state }) => {
    if (operation === 'post' && unknownPolicy === 'hold' && kind === 'unknown') {
      expect(state).toBe('held');
    }
  });
});

test('only a post of unknown outcome is ever held', () => {
  always(({ operation, unknownPolicy }, { kind }, { state }) => {
    if (state === 'held') {
      expect([operation, unknownPolicy, kind]).toEqual(['post', 'hold', 'unknown']);
    }
  });
});

test('a throttled or postponed attempt is given back, every other one that did not deliver counts once', () => {
  always(({ failures }, { kind }, became) => {
    const isDone = became.state === 'sent' || became.state === 'recalled';
    const isFree = isDone || kind === 'throttled' || kind === 'postponed';
    expect(became.failures).toBe(isFree ? failures : failures + 1);
  });
});

test('neither the delivery nor its scope comes back before Retry-After, cut to one hour', () => {
  always((_, came, { delayMs, pause }) => {
    const wishedMs = 'retryAfterMs' in came ? (came.retryAfterMs ?? 0) : 0;
    if (wishedMs > 0 && Number.isFinite(wishedMs)) {
      expect(delayMs).toBeGreaterThanOrEqual(Math.min(wishedMs, RETRY_SCHEDULE.maxRetryAfterMs));
    }
    if (came.kind === 'throttled') {
      expect(pause?.delayMs).toBeGreaterThan(0);
      expect(pause?.delayMs).toBeLessThanOrEqual(RETRY_SCHEDULE.maxRetryAfterMs);
      expect(delayMs).toBeGreaterThanOrEqual(Number(pause?.delayMs));
    }
  });
});

test('a short form never grows again, and is made only for size', () => {
  always(({ isReduced }, { kind }, became) => {
    expect(became.isReduced).toBe(isReduced || kind === 'tooLarge');
  });
});

test('an installation is lost only with the chat, and only when nothing is left to try', () => {
  always(({ isReopening }, { kind }, { state, installation, remedy }) => {
    const isLost =
      (kind === 'gone' && remedy === undefined && state !== 'recalled') || (kind === 'rejected' && isReopening);
    expect(installation !== undefined).toBe(isLost);
  });
});

test('a remedy is one that was left to try, and the delivery is tried again at once with it', () => {
  always(({ remedies }, { kind }, { state, delayMs, remedy }) => {
    if (remedy !== undefined) {
      expect(remedies).toContain(remedy);
      expect(['gone', 'missing']).toContain(kind);
      expect([state, delayMs]).toEqual(['queued', 0]);
    }
  });
});
