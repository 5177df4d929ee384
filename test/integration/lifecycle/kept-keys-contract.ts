// What is kept of things with keys, and of messages that could still be changed, when their time is over.

import { eraseOldData, type RetentionCounts } from '../../../src/delivery/retention.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { type AnyDeliveryFixture, createLifecycleFixture } from './lifecycle-fixture.ts';

const DAY_MS = 24 * 3_600_000;
const RULES = { contentMs: 7 * DAY_MS, metadataMs: 90 * DAY_MS };

type Person = InstalledPerson & { readonly index: number };

/** @param open the fixture of the test that runs */
export function describeKeptKeysContract(open: () => AnyDeliveryFixture): void {
  describe('when its time is over', () => {
    let fixture: ReturnType<typeof createLifecycleFixture>;
    let ana: Person;

    beforeEach(async () => {
      fixture = createLifecycleFixture(open());
      ana = { ...(await open().install(7)), index: 7 };
      await open().createDispatcher({ isAlone: open().isAlone }).start();
    });

    const eraseAfter = async (ms: number): Promise<RetentionCounts> => {
      const { store, clock } = open();
      clock.advance(ms);
      let isRunning = true;
      const running = eraseOldData({ store, clock, signal: new AbortController().signal }, RULES).finally(() => {
        isRunning = false;
      });
      while (isRunning) {
        await open().pass(50);
      }
      return running;
    };

    const keys = () => open().rows('SELECT history, forgotten FROM lifecycle');

    test('the history of a key goes with the content of its newest notification, and what happens next goes on', async () => {
      await fixture.tell([ana]);
      await open().passToStates('sent');
      await fixture.tell([ana], { title: 'Disk fuller' });
      await open().passToStates('sent', 'sent');
      expect(await eraseAfter(RULES.contentMs)).toMatchObject({ contents: 2 });
      expect((await keys()).map(({ history, forgotten }) => [history, Number(forgotten)])).toEqual([['[]', 2]]);
      await fixture.tell([ana], { state: 'resolved', title: 'Disk has room' });
      await open().passToStates('sent', 'sent', 'sent');
      expect(fixture.shown(ana)).toMatchObject([{ title: 'Disk has room', state: 'resolved' }]);
      expect(JSON.stringify(await keys())).not.toContain('full');
    });

    test('the history of a key stays while something newer of it is young', async () => {
      await fixture.tell([ana]);
      await open().passToStates('sent');
      open().clock.advance(6 * DAY_MS);
      await fixture.tell([ana], { title: 'Disk fuller' });
      await open().passToStates('sent', 'sent');
      expect(await eraseAfter(DAY_MS)).toMatchObject({ contents: 1 });
      expect(JSON.stringify(await keys())).toContain('Disk almost full');
    });

    test('a key is forgotten with the last that is known of its notifications', async () => {
      await fixture.tell([ana]);
      await open().passToStates('sent');
      open().clock.advance(30 * DAY_MS);
      await fixture.tell([ana], { state: 'resolved' });
      await open().passToStates('sent', 'sent');
      expect(await eraseAfter(61 * DAY_MS)).toMatchObject({ contents: 2, notifications: 1 });
      expect(await keys()).toHaveLength(1);
      expect(await eraseAfter(30 * DAY_MS)).toMatchObject({ notifications: 1, deliveries: 1 });
      expect(await keys()).toEqual([]);
    });

    test('a notification without its content cannot be edited, and can be recalled', async () => {
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      await eraseAfter(RULES.contentMs);
      await expect(fixture.edit(id, { title: 'Other' })).rejects.toMatchObject({ code: 'content_erased' });
      expect(await fixture.recall(id)).toMatchObject({ isChanged: true });
      await open().passToStates('recalled');
      expect(fixture.shown(ana)).toEqual([]);
    });

    test('an edit that is still to be carried to chats keeps the content', async () => {
      const { id } = await fixture.send([ana], {});
      await open().passToStates('sent');
      const rowId = (await open().store.read.notifications.findId(id, undefined)) ?? 0;
      await open().store.write((tx) => tx.openChanges.begin(rowId, 'update'));
      expect(await eraseAfter(RULES.contentMs)).toMatchObject({ contents: 0, passedOver: 1 });
    });
  });
}
