// How the process ends when it is asked to: in good order at the first signal, at once at the second.

import { syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { countCopies, numberedTitle } from '../../support/sandbox-copies.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const PEOPLE = 10;
const NOTIFICATIONS = 60;

let service: ServiceProcess;

beforeEach(async () => {
  service = await ServiceProcess.create(PEOPLE);
  await service.start();
  await Promise.all(Array.from({ length: PEOPLE }, (_, index) => service.sandbox.people.install(`p${index}`)));
  await untilDrained();
});

afterEach(() => service.dispose());

const untilDrained = () =>
  service.look((store) => until(store.read.deliveries.countOpen, (counts) => counts.length === 0, 30_000));

/** Accepts everything and returns while the first posts wait for their answer. */
const produceIntoSlowness = async (delayMs: number) => {
  service.sandbox.faults.add({
    operation: 'sendToConversation',
    times: 'untilCleared',
    answer: { kind: 'late', delayMs },
  });
  const posted = service.sandbox.waitFor((event) => event.kind === 'request', { timeoutMs: 10_000 });
  for (let number = 0; number < NOTIFICATIONS; number++) {
    const to = `aad:${syntheticPerson(number % PEOPLE).aadObjectId}`;
    const response = await service.post({ to, title: numberedTitle(number) }, `key-${number}`);
    expect(response.status).toBe(202);
  }
  await posted;
};

const stop = async () => {
  const stopping = service.nextLine('"msg":"stopping"');
  service.send('SIGTERM');
  await stopping;
};

/** 503, or no answer at all. */
const isReady = () =>
  fetch(`${service.url}/readyz`).then(
    (response) => response.status !== 503,
    () => false,
  );

const restart = async () => {
  service.sandbox.faults.clear();
  await service.start();
  await untilDrained();
};

const copies = () => [...countCopies(service.sandbox, PEOPLE).values()];

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: not ready at once, what is in flight is finished, exit 0, and nothing is lost or posted twice',
  async (signal) => {
    await produceIntoSlowness(1_000);
    const stopping = service.nextLine('"msg":"stopping"');
    service.send(signal);
    await stopping;
    expect(await isReady()).toBe(false);
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(copies().length).toBeGreaterThan(0);
    expect(copies().length).toBeLessThan(NOTIFICATIONS);
    await restart();
    expect(copies()).toEqual(Array.from({ length: NOTIFICATIONS }, () => 1));
  },
  40_000,
);

test('the second signal ends the process at once with another exit code, and nothing accepted is lost', async () => {
  await produceIntoSlowness(20_000);
  await stop();
  service.send('SIGTERM');
  expect(await service.exited).toEqual({ code: 1, signal: null });
  const inFlight = copies().length;
  await restart();
  expect(copies()).toHaveLength(NOTIFICATIONS);
  expect(copies().filter((count) => count === 2).length).toBe(inFlight);
  expect(Math.max(...copies())).toBe(2);
}, 40_000);
