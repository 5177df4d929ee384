// What people have said is asked before each message: on SQLite and on PostgreSQL.

import { createSteadyClock } from '../../../src/domain/clock.ts';
import { usePostgresQueue, useSqliteQueue } from '../../support/engine-queues.ts';
import { createWishes, describePreferencesContract } from './preferences-contract.ts';

const HOUR_MS = 3_600_000;

describe('on SQLite', () => {
  const queue = useSqliteQueue();

  describePreferencesContract(queue);

  test('the end of quiet hours is a time of day: it stays when somebody sets the clock', async () => {
    const { say, quietFor, passTo } = createWishes(queue());
    const ana = await queue().install(1);
    await say(ana, { quietHours: quietFor(2 * HOUR_MS) });
    await queue().queue([ana]);
    const wall = createSteadyClock(queue().clock, () => queue().clock.elapsedMs());
    await queue().createDispatcher({ clock: wall, wall }).start();
    await passTo('queued quiet_hours');
    const dueAtMs = queue().deliveries()[0]?.['due_at_ms'];
    queue().clock.set(HOUR_MS);
    await queue().pass(5_000, 500);
    expect(wall.followedMs).toBe(HOUR_MS);
    expect(queue().deliveries()[0]?.['due_at_ms']).toBe(dueAtMs);
  });
});

describe('on PostgreSQL', () => {
  const queue = usePostgresQueue();

  describePreferencesContract(queue);
});
