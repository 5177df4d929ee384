import { BackgroundLoop } from '../../../src/domain/background-loop.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { settled } from '../../support/waiting.ts';

const clock = new ManualClock();

function createLoop(run: () => Promise<number>) {
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => {
    failures.push(error);
    return 500;
  };
  return { loop: new BackgroundLoop({ clock, run, onFailure }), failures };
}

test('a round begins when the loop is woken, and again after the time that the last one asked for', async () => {
  let rounds = 0;
  const { loop } = createLoop(async () => {
    rounds += 1;
    return 1_000;
  });
  loop.wake();
  await settled();
  expect(rounds).toBe(1);
  clock.advance(999);
  await settled();
  expect(rounds).toBe(1);
  clock.advance(1);
  await settled();
  expect(rounds).toBe(2);
  await loop.stop();
});

test('who wakes it during a round gets one more, and never two at a time', async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { loop } = createLoop(async () => {
    running += 1;
    most = Math.max(most, running);
    await gates[rounds]?.promise;
    rounds += 1;
    running -= 1;
    return 60_000;
  });
  loop.wake();
  loop.wake();
  loop.wake();
  gates[0]?.resolve();
  await settled();
  gates[1]?.resolve();
  await settled();
  expect([rounds, most]).toEqual([2, 1]);
  await loop.stop();
});

test('a round that fails is told of and tried again', async () => {
  const error = new Error('no disk');
  let rounds = 0;
  const { loop, failures } = createLoop(async () => {
    rounds += 1;
    throw error;
  });
  loop.wake();
  await settled();
  expect([rounds, failures]).toEqual([1, [error]]);
  clock.advance(500);
  await settled();
  expect(rounds).toBe(2);
  await loop.stop();
});

test('stop waits for the round under way, tells it by the signal, and nothing begins after it', async () => {
  let rounds = 0;
  const gate = Promise.withResolvers<void>();
  const { loop } = createLoop(async () => {
    rounds += 1;
    await gate.promise;
    return 0;
  });
  loop.wake();
  await settled();
  let isStopped = false;
  const stopped = loop.stop().then(() => {
    isStopped = true;
  });
  await settled();
  expect([isStopped, loop.signal.aborted]).toEqual([false, true]);
  gate.resolve();
  await stopped;
  loop.wake();
  clock.advance(60_000);
  await settled();
  expect(rounds).toBe(1);
});

test('what it follows wakes it, until it is stopped', async () => {
  let rounds = 0;
  const { loop } = createLoop(async () => {
    rounds += 1;
    return 60_000;
  });
  const listeners = new Set<() => void>();
  loop.follow((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
  await settled();
  expect(rounds).toBe(1);
  for (const tell of listeners) {
    tell();
  }
  await settled();
  expect(rounds).toBe(2);
  await loop.stop();
  expect(listeners.size).toBe(0);
});
