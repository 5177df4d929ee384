// When a host of the Connector is left alone, and when it is trusted again.

import { CircuitBreaker, PROBE_INTERVAL_MS } from '../../../src/delivery/circuit-breaker.ts';

const START_MS = Date.UTC(2026, 0, 1);

function afterResults(...failures: readonly boolean[]): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (const isFailure of failures) {
    breaker.record(isFailure, START_MS);
  }
  return breaker;
}

const times = (count: number, ...results: readonly boolean[]) => Array.from({ length: count }, () => results).flat();
const openBreaker = () => afterResults(...times(5, true));

describe('a circuit', () => {
  test.each([
    ['4 failures in a row', times(4, true), false],
    ['5 failures in a row', times(5, true), true],
    ['5 failures with a success between them', [...times(4, true), false, true], false],
    ['10 failures among 20', times(10, true, false), true],
    ['10 failures among 19', [...times(9, true, false), true], false],
    ['9 failures among 20', [...times(9, true, false), false, false], false],
  ])('after %s is open: %j gives %s', (_name, results, isOpen) => {
    expect(afterResults(...results).isOpen).toBe(isOpen);
  });

  test('that is open admits one probe every 30 s, and the first one 30 s after it opened', () => {
    const breaker = openBreaker();
    const admitted = [];
    for (let nowMs = START_MS; nowMs <= START_MS + 3 * PROBE_INTERVAL_MS; nowMs += 100) {
      if (breaker.admit(nowMs)) {
        admitted.push(nowMs - START_MS);
        breaker.record(true, nowMs);
      }
    }
    expect(admitted).toEqual([30_000, 60_000, 90_000]);
  });

  test('that is open closes after two successes, the second one without a wait', () => {
    const breaker = openBreaker();
    const nowMs = START_MS + PROBE_INTERVAL_MS;
    expect(breaker.admit(nowMs)).toBe(true);
    expect(breaker.admit(nowMs)).toBe(false);
    breaker.record(false, nowMs + 50);
    expect(breaker.isOpen).toBe(true);
    expect(breaker.admit(nowMs + 50)).toBe(true);
    breaker.record(false, nowMs + 99);
    expect(breaker.isOpen).toBe(false);
    expect([breaker.admit(nowMs + 99), breaker.admit(nowMs + 99)]).toEqual([true, true]);
  });

  test('that is open stays so when the second probe fails', () => {
    const breaker = openBreaker();
    breaker.record(false, START_MS);
    breaker.record(true, START_MS);
    breaker.record(false, START_MS);
    expect(breaker.isOpen).toBe(true);
  });

  test('that has closed forgets what was before', () => {
    const breaker = openBreaker();
    breaker.record(false, START_MS);
    breaker.record(false, START_MS);
    for (const isFailure of times(4, true)) {
      breaker.record(isFailure, START_MS);
    }
    expect(breaker.isOpen).toBe(false);
  });

  test('whose probe was never answered is probed again', () => {
    const breaker = openBreaker();
    breaker.admit(START_MS + PROBE_INTERVAL_MS);
    expect(breaker.admit(START_MS + 2 * PROBE_INTERVAL_MS)).toBe(true);
  });

  test('that is open is probed when the clock was set back by a day', () => {
    expect(openBreaker().admit(START_MS - 86_400_000)).toBe(true);
  });
});
