// How the process ends when it is asked to: in good order at the first signal, at once at the second.

import { numberedTitle } from '../../support/arrivals.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { MAIN } from '../../support/replica.ts';

const NOTIFICATIONS = 60;

let stage: CrashStage;

beforeEach(async () => {
  stage = await CrashStage.create({ peopleCount: 10, mainPath: MAIN });
  await stage.service.start();
  await stage.installEverybody();
});

afterEach(() => stage.dispose());

/** Accepts everything and returns while the first posts wait for their answer. */
const produceIntoSlowness = async (delayMs: number) => {
  const { sandbox } = stage;
  sandbox.faults.add({ operation: 'sendToConversation', times: 'untilCleared', answer: { kind: 'late', delayMs } });
  const posted = sandbox.waitFor((event) => event.kind === 'request', { timeoutMs: 10_000 });
  for (let number = 0; number < NOTIFICATIONS; number++) {
    const notification = { to: stage.recipient(number), title: numberedTitle(number) };
    const response = await stage.post(notification, `key-${number}`);
    expect(response.status).toBe(202);
  }
  await posted;
};

const stop = async (signal: NodeJS.Signals) => {
  const stopping = stage.service.nextLine('"msg":"stopping"');
  stage.service.send(signal);
  await stopping;
};

/** 503, or no answer at all. */
const isReady = async () =>
  fetch(`${await stage.service.ready}/readyz`).then(
    (response) => response.status !== 503,
    () => false,
  );

const restart = async () => {
  stage.sandbox.faults.clear();
  await stage.service.start();
  await stage.untilDrained();
};

const copies = () => stage.arrivals.copies;

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: not ready at once, what is in flight is finished, exit 0, and nothing is lost or posted twice',
  async (signal) => {
    await produceIntoSlowness(1_000);
    await stop(signal);
    expect(await isReady()).toBe(false);
    expect(await stage.service.exited).toEqual({ code: 0, signal: null });
    expect(copies().length).toBeGreaterThan(0);
    expect(copies().length).toBeLessThan(NOTIFICATIONS);
    await restart();
    expect(copies()).toEqual(Array.from({ length: NOTIFICATIONS }, () => 1));
  },
  40_000,
);

test('the second signal ends the process at once with another exit code, and nothing accepted is lost', async () => {
  await produceIntoSlowness(20_000);
  await stop('SIGTERM');
  stage.service.send('SIGTERM');
  expect(await stage.service.exited).toEqual({ code: 1, signal: null });
  const inFlight = copies().length;
  await restart();
  expect(copies()).toHaveLength(NOTIFICATIONS);
  expect(copies().filter((count) => count === 2).length).toBe(inFlight);
  expect(Math.max(...copies())).toBe(2);
}, 40_000);
