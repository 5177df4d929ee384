// One card for one thing: what chats show of it, whatever order its events come in and whatever goes wrong.

import { createGate, inTurn } from '../../support/scripted-sender.ts';
import { type AnyDeliveryFixture, createLifecycleFixture, installReader, type Reader } from './lifecycle-fixture.ts';

/** @param open the fixture of the test that runs */
export function describeLifecycleContract(open: () => AnyDeliveryFixture): void {
  let fixture: ReturnType<typeof createLifecycleFixture>;
  let ana: Reader;
  let ben: Reader;

  beforeEach(async () => {
    fixture = createLifecycleFixture(open());
    ana = await installReader(open(), 1);
    ben = await installReader(open(), 2);
  });

  const reasons = async () => (await open().deliveries()).map((row) => row['reason']);

  test('what goes on with a thing is told by the message that is there', async () => {
    await fixture.start();
    const opened = await fixture.tell([ana]);
    await open().passToStates('sent');
    const resolved = await fixture.tell([ana], { state: 'resolved', title: 'Disk has room' });
    await open().passToStates('sent', 'sent');
    expect(fixture.shown(ana)).toEqual([{ activityId: '1', title: 'Disk has room', state: 'resolved', edits: 1 }]);
    expect([opened.lifecycle, resolved.lifecycle]).toEqual([
      { key: 'disk', state: 'open', effect: 'post' },
      { key: 'disk', state: 'resolved', effect: 'edit' },
    ]);
    expect((await fixture.status(resolved.id)).deliveries[0]?.attempts).toMatchObject([{ operation: 'update' }]);
  });

  test('what begins again after it was over is posted anew, and the message before stays as it ended', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    await fixture.tell([ana], { state: 'resolved' });
    await open().passToStates('sent', 'sent');
    await fixture.tell([ana]);
    await open().passToStates('sent', 'sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([
      { activityId: '1', state: 'resolved' },
      { activityId: '2', state: 'open' },
    ]);
  });

  test('a message ends as it did although the thing begins again before it was told', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    await fixture.tell([ana], { state: 'resolved' });
    await fixture.tell([ana]);
    await open().passToStates('sent', 'sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([
      { activityId: '1', state: 'resolved' },
      { activityId: '2', state: 'open' },
    ]);
  });

  test('what gets worse is posted anew, and the message before says that it was replaced', async () => {
    await fixture.start();
    await fixture.tell([ana], { severity: 'warning' });
    await open().passToStates('sent');
    await fixture.tell([ana], { severity: 'critical' });
    await fixture.passUntil(() => fixture.shown(ana)[0]?.isReplaced === true && fixture.shown(ana).length === 2);
    expect(fixture.shown(ana)).toMatchObject([
      { activityId: '1', isReplaced: true, edits: 1 },
      { activityId: '2', state: 'open', edits: 0 },
    ]);
    await fixture.tell([ana], { state: 'resolved' });
    await fixture.passUntil(() => fixture.shown(ana)[1]?.state === 'resolved');
    expect(fixture.shown(ana)).toMatchObject([
      { isReplaced: true, edits: 1 },
      { state: 'resolved', edits: 1 },
    ]);
  });

  test('an end that overtakes the beginning is told to nobody, and neither is the beginning', async () => {
    await fixture.tell([ana]);
    await fixture.tell([ana], { state: 'resolved' });
    await fixture.start();
    await open().passToStates('superseded', 'superseded');
    expect(open().sender.requests).toEqual([]);
    expect(await reasons()).toEqual(['newer_event', 'nothing_shown']);
  });

  test('an end that comes while the beginning is on its way edits it', async () => {
    const gate = createGate();
    open().sender.script = gate.script;
    await fixture.start();
    await fixture.tell([ana]);
    await open().untilStates('sending');
    await fixture.tell([ana], { state: 'resolved' });
    open().sender.script = fixture.chats.script;
    const [request] = open().sender.requests;
    gate.open(request && fixture.chats.answer(request));
    await open().passToStates('sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([{ state: 'resolved', edits: 1 }]);
  });

  test('an older event that comes late goes out to nobody and overwrites nothing', async () => {
    await fixture.start();
    await fixture.tell([ana], { occurredAt: '2026-01-01T00:00:05Z' });
    await open().passToStates('sent');
    await fixture.tell([ana], { occurredAt: '2026-01-01T00:00:09Z', state: 'resolved' });
    await open().passToStates('sent', 'sent');
    const late = await fixture.tell([ana], { occurredAt: '2026-01-01T00:00:07Z', title: 'Late' });
    await open().pass(5_000);
    expect(late).toMatchObject({ deliveries: [{ state: 'superseded' }], lifecycle: { effect: 'none' } });
    expect(fixture.shown(ana)).toMatchObject([{ state: 'resolved', title: 'Disk almost full' }]);
    expect((await fixture.status(late.id)).deliveries).toMatchObject([
      { state: 'superseded', reason: { code: 'older_event' } },
    ]);
  });

  test('of many repeats the chat sees few edits, no new message, and in the end the latest', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    for (let at = 0; at < 30; at++) {
      await fixture.tell([ana], { title: `Disk at ${at}` });
    }
    await fixture.passUntil(async () => fixture.shown(ana)[0]?.title === 'Disk at 29');
    const [message, ...others] = fixture.shown(ana);
    expect(others).toEqual([]);
    expect(message).toMatchObject({ state: 'open' });
    expect(message?.edits).toBeLessThanOrEqual(2);
    expect(open().sender.requests.at(-1)?.lifecycle?.history).toHaveLength(20);
  });

  test('a message that Teams does not know any more is posted anew, once', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    fixture.chats.lose('a:11111');
    await fixture.tell([ana], { state: 'acknowledged' });
    await open().passToStates('sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([{ activityId: '2', state: 'acknowledged' }]);
    await fixture.tell([ana], { state: 'resolved' });
    await open().passToStates('sent', 'sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([{ activityId: '2', state: 'resolved', edits: 1 }]);
  });

  test('an edit whose answer is lost is made again, also where a post would be held', async () => {
    await fixture.start();
    await fixture.tell([ana], { onUnknown: 'hold' });
    await open().passToStates('sent');
    open().sender.script = inTurn(
      { kind: 'unknown', reason: 'response_lost' },
      { kind: 'unknown', reason: 'server_error', maxResends: 0 },
    );
    await fixture.tell([ana], { state: 'resolved', onUnknown: 'hold' });
    await open().passToStates('sent', 'sent');
    expect(open().sender.requests.map(({ operation }) => operation)).toEqual(['post', 'update', 'update', 'update']);
  });

  test('an edit that a process leaves behind is made again by the next one', async () => {
    const first = open().createDispatcher({ isAlone: open().isAlone });
    await first.start();
    await fixture.tell([ana], { onUnknown: 'hold' });
    await open().passToStates('sent');
    open().sender.script = createGate().script;
    await fixture.tell([ana], { state: 'resolved', onUnknown: 'hold' });
    await open().untilStates('sent', 'sending');
    const stopped = first.stop(0);
    await open().pass(500);
    await stopped;
    open().sender.script = fixture.chats.script;
    await fixture.start();
    await open().passToStates('sent', 'sent');
    expect(fixture.shown(ana)).toMatchObject([{ state: 'resolved', edits: 1 }]);
  });

  test('who hears of a thing later gets a message of their own, and both are told of its end', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    await fixture.tell([ana, ben]);
    await fixture.passUntil(async () => fixture.shown(ana)[0]?.edits === 1 && fixture.shown(ben).length === 1);
    expect([fixture.shown(ana), fixture.shown(ben)]).toMatchObject([[{ edits: 1 }], [{ edits: 0 }]]);
    await fixture.tell([ana, ben], { state: 'resolved' });
    await fixture.passUntil(async () => [ana, ben].every((one) => fixture.shown(one)[0]?.state === 'resolved'));
    expect([fixture.shown(ana), fixture.shown(ben)]).toMatchObject([[{ state: 'resolved' }], [{ state: 'resolved' }]]);
  });

  test('a broadcast about a thing edits the messages that are there', async () => {
    await fixture.start();
    await fixture.tell('everyone');
    await open().passToStates('sent', 'sent');
    await fixture.tell('everyone', { state: 'resolved' });
    await open().passToStates('sent', 'sent', 'sent', 'sent');
    expect([fixture.shown(ana), fixture.shown(ben)]).toMatchObject([[{ state: 'resolved' }], [{ state: 'resolved' }]]);
  });

  test('events of one key that come at the same time are told by one message', async () => {
    await fixture.start();
    await Promise.all(Array.from({ length: 20 }, () => fixture.tell([ana])));
    await fixture.passUntil(async () => open().sender.requests.at(-1)?.lifecycle?.history[0]?.count === 20);
    expect(fixture.shown(ana)).toHaveLength(1);
  });

  test('an edit makes no toast: it does not count among the ten that a person gets in a minute', async () => {
    await fixture.start();
    await fixture.tell([ana]);
    await open().passToStates('sent');
    for (const state of ['acknowledged', 'open', 'acknowledged', 'open', 'resolved']) {
      await fixture.tell([ana], { state });
      await fixture.passUntil(() => fixture.shown(ana)[0]?.state === state);
    }
    const [chat] = await open().rows('SELECT notified_at_ms FROM conversation ORDER BY id');
    expect(JSON.parse(String(chat?.['notified_at_ms']))).toHaveLength(1);
    expect(fixture.shown(ana)).toMatchObject([{ edits: 5 }]);
  });

  describe('an edit', () => {
    test('changes the message in every chat, and what has not gone out yet', async () => {
      const { id } = await fixture.send([ana, ben], {});
      await fixture.block(ben, 60_000);
      await fixture.start();
      await open().passToStates('sent', 'queued');
      const gate = createGate();
      open().sender.script = async (request) => (await gate.script(request)) && fixture.chats.answer(request);
      expect(await fixture.edit(id, { title: 'Disk full' })).toEqual({ id, operation: 'update', isChanged: true });
      expect((await fixture.status(id)).counts).toEqual({ sent: 1, queued: 1 });
      expect((await fixture.status(id)).changes).toEqual({ waiting: 1, failed: 0 });
      gate.open();
      await fixture.passUntil(async () => (await fixture.status(id)).progress === 'done');
      expect([fixture.shown(ana), fixture.shown(ben)]).toMatchObject([
        [{ title: 'Disk full', edits: 1 }],
        [{ title: 'Disk full', edits: 0 }],
      ]);
      expect(await fixture.status(id)).toMatchObject({
        progress: 'done',
        counts: { sent: 2 },
        changes: { waiting: 0 },
      });
    });

    test('that says what is there already changes nothing', async () => {
      await fixture.start();
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      expect(await fixture.edit(id, { title: 'Disk almost full' })).toMatchObject({ isChanged: false });
      expect(await fixture.states()).toBe('sent');
    });

    test('reaches the message that was on its way when it came', async () => {
      const gate = createGate();
      open().sender.script = gate.script;
      await fixture.start();
      const { id } = await fixture.send([ana], {});
      await open().untilStates('sending');
      await fixture.edit(id, { title: 'Disk full' });
      fixture.changes.wake();
      open().sender.script = fixture.chats.script;
      const [request] = open().sender.requests;
      gate.open(request && fixture.chats.answer(request));
      await fixture.passUntil(() => fixture.shown(ana)[0]?.title === 'Disk full');
      await fixture.changes.stop();
      expect(fixture.shown(ana)).toMatchObject([{ title: 'Disk full', edits: 1 }]);
    });

    test('of an earlier event of a key is refused, and names the latest', async () => {
      await fixture.start();
      const first = await fixture.tell([ana]);
      const second = await fixture.tell([ana]);
      await expect(fixture.edit(first.id, { title: 'x' })).rejects.toMatchObject({
        code: 'replaced',
        details: { latest: second.id },
      });
    });
  });

  describe('a recall', () => {
    test('takes the message out of every chat, and keeps back what waits', async () => {
      const { id } = await fixture.send([ana, ben], {});
      await fixture.block(ben, 60_000);
      await fixture.start();
      await open().passToStates('sent', 'queued');
      expect(await fixture.recall(id)).toEqual({ id, operation: 'delete', isChanged: true });
      await open().passToStates('recalled', 'cancelled');
      expect([fixture.shown(ana), fixture.shown(ben)]).toEqual([[], []]);
      expect(await fixture.recall(id)).toMatchObject({ isChanged: false });
      expect(await fixture.status(id)).toMatchObject({ progress: 'done', counts: { recalled: 1, cancelled: 1 } });
    });

    test('of a message that is gone already is done', async () => {
      await fixture.start();
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      fixture.chats.lose('a:11111');
      await fixture.recall(id);
      await open().passToStates('recalled');
    });

    test('ends an edit that waits, and refuses later ones', async () => {
      await fixture.start();
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      fixture.changes.wake();
      await fixture.edit(id, { title: 'Disk full' });
      await fixture.recall(id);
      await open().passToStates('recalled');
      await fixture.changes.stop();
      expect(fixture.shown(ana)).toEqual([]);
      await expect(fixture.edit(id, { title: 'x' })).rejects.toMatchObject({ code: 'recalled' });
    });

    test('of the latest event of a key takes its card away, and the next event is posted anew', async () => {
      await fixture.start();
      await fixture.tell([ana]);
      await open().passToStates('sent');
      const { id } = await fixture.tell([ana], { state: 'acknowledged' });
      await open().passToStates('sent', 'sent');
      await fixture.recall(id);
      await open().passToStates('sent', 'recalled');
      expect(fixture.shown(ana)).toEqual([]);
      await fixture.tell([ana], { state: 'resolved' });
      await fixture.tell([ana]);
      await fixture.passUntil(() => fixture.shown(ana)[0]?.state === 'open');
      expect(fixture.shown(ana)).toMatchObject([{ activityId: '2', state: 'open' }]);
    });

    test('of another producer is not found', async () => {
      const { id } = await fixture.send([ana], {});
      await expect(fixture.recall(id, open().producerId + 1)).rejects.toMatchObject({ code: 'not_found' });
      await expect(fixture.edit(id, { title: 'x' }, open().producerId + 1)).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    test('of a large broadcast goes on in parts, and stops it where it is', async () => {
      for (let index = 3; index <= 450; index++) {
        await open().install(index);
      }
      const { id } = await fixture.send('everyone', {});
      await fixture.start();
      await fixture.passUntil(async () => (await fixture.status(id)).counts.sent === 450);
      await fixture.recall(id);
      fixture.changes.wake();
      await fixture.passUntil(async () => (await fixture.status(id)).counts.recalled === 450);
      await fixture.changes.stop();
      expect(fixture.shown({ index: 449 })).toEqual([]);
    });
  });
}
