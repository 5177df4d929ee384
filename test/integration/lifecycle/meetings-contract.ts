// What comes while something else is being done: withdrawals, recalls and events that meet edits under way.

import { cancelNotification, cancelOne } from '../../../src/delivery/cancel.ts';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { toDeliveryId } from '../../../src/domain/delivery-id.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { eventually } from '../../support/waiting.ts';
import { type AnyDeliveryFixture, createLifecycleFixture, installReader, type Reader } from './lifecycle-fixture.ts';

/** @param open the fixture of the test that runs */
export function describeMeetingsContract(open: () => AnyDeliveryFixture): void {
  let fixture: ReturnType<typeof createLifecycleFixture>;
  let ana: Reader;
  let ben: Reader;

  beforeEach(async () => {
    fixture = createLifecycleFixture(open());
    ana = await installReader(open(), 1);
    ben = await installReader(open(), 2);
  });

  afterEach(() => fixture.changes.stop());

  /** The next request comes to this. */
  const once = (outcome: Outcome) => {
    open().sender.script = (request) => {
      open().sender.script = fixture.chats.script;
      if (outcome.kind === 'unknown') {
        fixture.chats.answer(request);
      }
      return outcome;
    };
  };

  test.each(['edit', 'recall'] as const)(
    'what waits to %s a message is not withdrawn: that was sent',
    async (change) => {
      await fixture.start();
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      await fixture.block(ana, 60_000);
      await (change === 'edit' ? fixture.edit(id, { title: 'Disk full' }) : fixture.recall(id));
      const deps = { store: open().store, clock: open().clock, logger: silentLogger };
      const [row] = await open().deliveries();
      expect(await cancelOne(deps, { id: toDeliveryId(Number(row?.['id'])) })).toEqual({ cancelled: 0, untouched: 1 });
      expect(await cancelNotification(deps, { id })).toMatchObject({ cancelled: 0, untouched: 1 });
      await open().passToStates(change === 'edit' ? 'sent' : 'recalled');
      expect(fixture.shown(ana)).toMatchObject(change === 'edit' ? [{ title: 'Disk full' }] : []);
    },
  );

  test('a recall takes the card away although the event that is recalled has not been told there yet', async () => {
    await fixture.start();
    fixture.changes.wake();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    await fixture.block(ana, 10_000);
    const { id } = await fixture.tell([ana], { state: 'acknowledged' });
    await fixture.recall(id);
    fixture.changes.wake();
    await open().passToStates('recalled', 'cancelled');
    expect(fixture.shown(ana)).toEqual([]);
  });

  test('a recall takes the card away everywhere, also from those whom only earlier events were sent to', async () => {
    await fixture.start();
    await fixture.tell([ana, ben], { severity: 'warning' });
    await open().passToStates('sent', 'sent');
    const { id } = await fixture.tell([ana], { severity: 'critical' });
    await fixture.passUntil(() => fixture.shown(ana)[0]?.isReplaced === true && fixture.shown(ana).length === 2);
    await fixture.recall(id);
    fixture.changes.wake();
    await fixture.passUntil(() => fixture.shown(ana).length + fixture.shown(ben).length === 0);
    expect([fixture.shown(ana), fixture.shown(ben)]).toEqual([[], []]);
  });

  test('what comes after a recall begins anew, also while the card is still being taken away', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    await fixture.block(ana, 10_000);
    const { id } = await fixture.tell([ana]);
    await fixture.recall(id);
    await fixture.tell([ana], { state: 'resolved' });
    await fixture.tell([ana], { title: 'Again' });
    fixture.changes.wake();
    await fixture.passUntil(() => fixture.shown(ana)[0]?.activityId === '2');
    expect(fixture.shown(ana)).toMatchObject([{ activityId: '2', title: 'Again', state: 'open', edits: 0 }]);
  });

  test('what gets worse replaces the message before it also where an edit of that has failed', async () => {
    await fixture.start();
    const { id } = await fixture.tell([ana], { severity: 'warning' });
    await open().passToStates('sent');
    once({ kind: 'rejected', reason: 'bad_request' });
    await fixture.edit(id, { text: 'More' });
    await open().passToStates('failed');
    await fixture.tell([ana], { severity: 'critical' });
    await fixture.passUntil(() => fixture.shown(ana)[0]?.isReplaced === true && fixture.shown(ana).length === 2);
    expect(fixture.shown(ana)).toMatchObject([{ isReplaced: true }, { state: 'open' }]);
  });

  test('an edit of what is over leaves it so, though the thing has begun again meanwhile', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    const { id } = await fixture.tell([ana], { state: 'resolved' });
    await open().passToStates('sent', 'sent');
    await fixture.block(ana, 10_000);
    await fixture.edit(id, { title: 'All is well' });
    await fixture.tell([ana]);
    await fixture.passUntil(() => fixture.shown(ana)[0]?.title === 'All is well' && fixture.shown(ana).length === 2);
    expect(fixture.shown(ana)).toEqual([
      { activityId: '1', title: 'All is well', state: 'resolved', edits: 2 },
      { activityId: '2', title: 'Disk almost full', state: 'open', edits: 0 },
    ]);
  });

  test('who may have seen it begin, in a post whose answer was lost, is told of its end', async () => {
    once({ kind: 'unknown', reason: 'response_lost' });
    await fixture.start();
    await fixture.tell([ana]);
    const isLost = async () => (await open().attempts()).some((row) => row['outcome'] === 'unknown');
    await eventually(isLost, 'the answer is lost');
    await fixture.tell([ana], { state: 'resolved' });
    await fixture.passUntil(() => fixture.shown(ana).at(-1)?.state === 'resolved');
    expect(fixture.shown(ana).at(-1)).toMatchObject({ state: 'resolved' });
  });

  test('an edit in a chat that Teams does not know any more posts it anew, and the person stays reachable', async () => {
    await fixture.start();
    const { id } = await fixture.send([ana], {});
    await open().passToStates('sent');
    once({ kind: 'gone', reason: 'conversation_not_found', isUninstalled: false });
    await fixture.edit(id, { title: 'Disk full' });
    await open().passToStates('sent');
    expect(open().sender.requests.map(({ operation }) => operation)).toEqual([
      'post',
      'update',
      'create_conversation',
      'post',
    ]);
    expect(await open().rows(`SELECT id FROM installation WHERE state <> 'active'`)).toEqual([]);
  });

  test('a recall in a chat that Teams does not know any more is done, and the person stays reachable', async () => {
    await fixture.start();
    const { id } = await fixture.send([ana], {});
    await open().passToStates('sent');
    once({ kind: 'gone', reason: 'conversation_not_found', isUninstalled: false });
    await fixture.recall(id);
    await open().passToStates('recalled');
    expect(await open().rows(`SELECT id FROM installation WHERE state <> 'active'`)).toEqual([]);
  });
}
