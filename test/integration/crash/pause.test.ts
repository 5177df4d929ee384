// A process that stands still for longer than its lease, as one does in a machine that was suspended, and then goes on.

import { join } from 'node:path';
import { toDeliveryId } from '../../../src/domain/delivery-id.ts';
import type { UnknownPolicy } from '../../../src/domain/notification.ts';
import type { NotificationStatus } from '../../../src/notifications/notification-status.ts';
import { numberedTitle } from '../../support/arrivals.ts';
import { CRASH_ENGINES } from '../../support/crash-engine.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { findBrokenPromises } from '../../support/crash-verdict.ts';
import { createFastClock } from '../../support/fast-clock.ts';
import { nameAttempt } from '../../support/killer.ts';
import { until } from '../../support/until.ts';

/** A minute, and with it a lease, in three seconds. */
const FACTOR = 20;
const LEASE_MS = 60_000;
/** The one that is interrupted, and one that comes after. */
const [FIRST, SECOND] = [1, 2];

let stage: CrashStage;

afterEach(() => stage.dispose());

const CASES = CRASH_ENGINES.flatMap((engine) =>
  (['resend', 'hold'] as const).map((policy) => ({ engine, policy, name: engine.name, replicas: engine.replicas })),
);

test.each(CASES)(
  '$name, $replicas at once: a process stopped in the middle of a post does not write over what came after ($policy)',
  async ({ engine, policy }) => {
    const sinceMs = Date.now();
    const clock = createFastClock({ sinceMs, factor: FACTOR });
    const env = { FAST_CLOCK_SINCE_MS: String(sinceMs), FAST_CLOCK_FACTOR: String(FACTOR) };
    const path = join(import.meta.dirname, '..', '..', 'support', 'fast-service.ts');
    stage = await CrashStage.create({ engine, peopleCount: 1, main: { path, env, clock } });
    await stage.service.start();
    await stage.installEverybody();

    const first = await stopInTheMiddle(policy);
    const interrupted = await findInterrupted();
    const others = stage.replicas.slice(1);
    await Promise.all(others.map((replica) => replica.start()));
    await new Promise<void>((resolve) => clock.after(1.1 * LEASE_MS, resolve));
    const [decided] = await Promise.all(others.map((other) => until(() => readStatus(first, other), isDone)));
    stage.service.send('SIGCONT');
    const second = await post(SECOND, policy);
    await stage.untilDrained();

    const accepted = new Map([
      [FIRST, first],
      [SECOND, second],
    ]);
    const status = await readStatus(first);
    const statuses = new Map([
      [FIRST, status],
      [SECOND, await readStatus(second)],
    ]);
    const arrived = stage.arrivals.requestIds;
    expect(findBrokenPromises({ accepted, arrived, interrupted, statuses, policyOf: () => policy })).toEqual([]);
    expect(arrived.get(FIRST)?.length).toBeLessThanOrEqual(2);
    expect(status).toEqual(decided ?? status);
  },
);

/** The message is in the chat, and the answer on its way to a process that does not read it. */
async function stopInTheMiddle(onUnknown: UnknownPolicy): Promise<string> {
  const answer = { kind: 'late', delayMs: 5_000 } as const;
  stage.sandbox.faults.add({ operation: 'sendToConversation', times: 1, answer });
  const posted = stage.sandbox.waitFor((event) => event.kind === 'request', { timeoutMs: 10_000 });
  const id = await post(FIRST, onUnknown);
  await posted;
  stage.service.send('SIGSTOP');
  return id;
}

async function post(number: number, onUnknown: UnknownPolicy): Promise<string> {
  const notification = { to: stage.recipient(number), title: numberedTitle(number), onUnknown };
  const response = await stage.post(notification, `key-${number}`);
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

async function findInterrupted(): Promise<ReadonlySet<string>> {
  const rows = await stage.database.use((store) => store.read.queue.listAbandoned(Number.MAX_SAFE_INTEGER, 10));
  return new Set(rows.map(({ deliveryId, attempt }) => nameAttempt(toDeliveryId(deliveryId), attempt?.number ?? 0)));
}

const readStatus = async (id: string, replica = stage.service) =>
  (await stage.getStatus(id, replica)) as NotificationStatus;

const isDone = ({ state }: NotificationStatus) => state === 'done';
