// Answers on PostgreSQL, also by several processes at once.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../../src/app/inbound.ts';
import { PRESS_VERB } from '../../../src/domain/press.ts';
import type { PressAnswer } from '../../../src/domain/press-answer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { usePostgresQueue } from '../../support/engine-queues.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import { EVENT, type InstalledPerson } from '../../support/store-fixtures.ts';
import { createTalk } from '../../support/talk.ts';
import { describeRespondContract } from './respond-contract.ts';

const queue = usePostgresQueue();

describe('answers', () =>
  describeRespondContract({
    queue,
    async change(sql) {
      await queue().rows(sql);
    },
  }));

test('of the same people that two processes take at once count once each, and decide once', async () => {
  const { store, clock, metrics } = queue();
  const talk = await createTalk(queue());
  const people: InstalledPerson[] = [];
  for (let index = 1; index <= 6; index++) {
    people.push(await talk.install(index));
  }
  const approve = { id: 'approve', title: 'Approve', needed: 3 };
  const ask = { canAcknowledge: true, actions: [approve, { ...approve, id: 'reject' }] };
  const id = await queue().queue(people, { content: { ...EVENT, ask } });
  await queue().rows(`INSERT INTO ask (notification_id, state) VALUES (${id}, 'open')`);
  await queue().rows('UPDATE notification SET is_watched = 1');
  const [row] = await queue().rows(`SELECT public_id FROM notification WHERE id = ${id}`);
  const voice = { producerId: talk.botProducerId, randomBytes };
  const deps = { clock, metrics, logger: silentLogger, config: INBOUND_CONFIG };
  const replicas = [store, await queue().openBeside()].map((one) => createInbound({ ...deps, store: one }, voice));
  const pressAll = (action: string) =>
    Promise.all(
      people.flatMap((_, index) =>
        replicas.map((replica): Promise<PressAnswer> => {
          const data = { bellhop: 'respond', notification: row?.['public_id'], action };
          return replica.answerAction({ ...talk.contextOf(index + 1, {}), kind: 'action', verb: PRESS_VERB, data });
        }),
      ),
    );
  const count = (answers: readonly PressAnswer[], kind: string) =>
    answers.filter((answer) => answer.kind === 'sentence' && answer.answer.kind === kind).length;

  const acknowledged = await pressAll(':acknowledge');
  expect([count(acknowledged, 'acknowledged'), count(acknowledged, 'alreadyDone')]).toEqual([6, 6]);
  const approved = await pressAll('approve');
  expect(count(approved, 'responded')).toBe(3);
  expect(count(approved, 'alreadyDone') + count(approved, 'askClosed')).toBe(9);
  expect(count(await pressAll('reject'), 'askClosed')).toBe(12);
  const totals = 'SELECT action, count(*)::int AS count FROM response GROUP BY action ORDER BY action';
  expect(await queue().rows(totals)).toEqual([
    { action: ':acknowledge', count: 6 },
    { action: 'approve', count: 3 },
  ]);
  const events = `SELECT type, count(*)::int AS count FROM status_event WHERE action IS NOT NULL GROUP BY type ORDER BY type`;
  expect(await queue().rows(events)).toEqual([
    { type: 'notification.acknowledged', count: 6 },
    { type: 'notification.decided', count: 1 },
    { type: 'notification.responded', count: 3 },
  ]);
});
