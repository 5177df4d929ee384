// A process that stands still for longer than its lease, as one does in a machine that was suspended, and then goes on.

import { setTimeout as wait } from 'node:timers/promises';
import type { UnknownPolicy } from '../../../src/domain/notification.ts';
import type { NotificationStatus } from '../../../src/notifications/notification-status.ts';
import { numberedTitle } from '../../support/arrivals.ts';
import { CRASH_ENGINES } from '../../support/crash-engine.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { findBrokenPromises } from '../../support/crash-verdict.ts';
import { until } from '../../support/until.ts';

const LEASE_MS = 3_000;
/** Longer than the lease, and than it takes the others to look for what nobody holds any more. */
const DECISION_TIMEOUT_MS = 30_000;
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
    stage = await CrashStage.create({ engine, peopleCount: 1, leaseMs: LEASE_MS });
    await stage.service.start();
    await stage.installEverybody();

    const first = await stopInTheMiddle(policy);
    const interrupted = await findInterrupted();
    const others = stage.replicas.slice(1);
    await Promise.all(others.map((replica) => replica.start()));
    await wait(1.1 * LEASE_MS);
    const [decided] = await Promise.all(
      others.map((other) => until(() => stage.getStatus(first, other), isDone, DECISION_TIMEOUT_MS)),
    );
    stage.service.send('SIGCONT');
    const second = await post(SECOND, policy);
    await stage.untilDrained();

    const accepted = new Map([
      [FIRST, first],
      [SECOND, second],
    ]);
    const status = await stage.getStatus(first);
    const statuses = new Map([
      [FIRST, status],
      [SECOND, await stage.getStatus(second)],
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
  const [id] = await Promise.all([post(FIRST, onUnknown), posted]);
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
  const open = await stage.database.listOpenAttempts();
  return new Set(open.map(({ name }) => name));
}

const isDone = ({ progress }: NotificationStatus) => progress === 'done';
