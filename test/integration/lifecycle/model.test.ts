// Any events of a thing, at any pace, with whatever goes wrong in between, beside a model in few lines.

import fc from 'fast-check';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { LIFECYCLE_STATES, type LifecycleState } from '../../../src/domain/lifecycle.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { createLifecycleFixture } from './lifecycle-fixture.ts';

const RUNS = 100;
const SEVERITIES = ['info', 'warning', 'critical'] as const;

interface Happening {
  readonly state: LifecycleState;
  readonly severity: (typeof SEVERITIES)[number];
  /** Seconds; undefined when the sender does not say. */
  readonly occurredAt: number | undefined;
  readonly waitMs: number;
  /** What becomes of the next requests. */
  readonly faults: readonly Outcome[];
}

const LOST: Outcome = { kind: 'unknown', reason: 'response_lost' };
const BUSY: Outcome = { kind: 'transient', reason: 'concurrent_operation' };
const PAUSE: Outcome = { kind: 'throttled', reason: 'throttled', scope: 'conversation', retryAfterMs: 1_500 };

const happening = fc.record<Happening>({
  state: fc.constantFrom(...LIFECYCLE_STATES),
  severity: fc.constantFrom(...SEVERITIES),
  occurredAt: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 3 }),
  waitMs: fc.constantFrom(0, 0, 50, 1_000, 4_000),
  faults: fc.array(fc.constantFrom(LOST, BUSY, PAUSE), { maxLength: 2 }),
});

/** What the chat is to show in the end: the latest state, and at most how many messages. */
function expected(happenings: readonly Happening[]) {
  let [latest, peak, messages] = [0, -1, 0];
  let state: LifecycleState | undefined;
  for (const one of happenings) {
    if (one.occurredAt !== undefined && one.occurredAt < latest) {
      continue;
    }
    const rank = SEVERITIES.indexOf(one.severity);
    const isNew = state === undefined || (state === 'resolved' && one.state !== 'resolved');
    const isWorse = one.state !== 'resolved' && rank > peak;
    messages += isNew || isWorse ? 1 : 0;
    peak = isNew ? rank : Math.max(peak, isWorse ? rank : peak);
    state = one.state;
    latest = Math.max(latest, one.occurredAt ?? 0);
  }
  return { state, messages };
}

const OPEN = `SELECT id FROM delivery WHERE state IN ('queued', 'leased', 'sending')`;

let queue: DeliveryFixture;

beforeEach(async () => {
  queue = await DeliveryFixture.create();
});

afterEach(() => queue.dispose());

test('the chat shows the latest state in its last message, all others as ended, and no message too many', async () => {
  const fixture = createLifecycleFixture(queue);
  let faults: Outcome[] = [];
  queue.sender.script = (request) => faults.shift() ?? fixture.chats.answer(request);
  await queue.createDispatcher().start();
  let index = 0;
  // Retries have a budget, so some wait for a minute.
  const untilQuiet = async () => {
    while (queue.rows(OPEN).length > 0) {
      await queue.pass(10_000, 500);
    }
  };
  const run = async (happenings: readonly Happening[]) => {
    index += 1;
    faults = [];
    const person = await queue.install(index);
    for (const { state, severity, occurredAt, waitMs, faults: more } of happenings) {
      faults.push(...more);
      const second = String(occurredAt).padStart(2, '0');
      const at = occurredAt === undefined ? {} : { occurredAt: `2026-01-01T00:00:${second}Z` };
      await fixture.send([person], { key: `thing-${index}`, state, severity, ...at });
      await queue.pass(waitMs);
    }
    faults = [];
    await queue.pass(5_000, 500);
    await untilQuiet();
    const { state, messages } = expected(happenings);
    const shown = fixture.shown({ index });
    const last = shown.at(-1);
    expect(shown.length).toBeLessThanOrEqual(messages);
    expect(last === undefined ? 'resolved' : last.state).toBe(state);
    expect(shown.slice(0, -1).filter((one) => one.state !== 'resolved' && !one.isReplaced)).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 8 }), run), { numRuns: RUNS });
});
