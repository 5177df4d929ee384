// What every store must do with surveys by name, with the requests that begin dialogs, and with what is told of their end.

import { putDefinition } from '../../../src/dialogs/definitions.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { DIALOG_LIMITS, type DialogDefinition } from '../../../src/domain/dialog.ts';
import { closeDialog } from '../../../src/store/close-dialog.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, type InstalledPerson, installPerson } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const SURVEY = { title: 'Lunch\u0000ü', questions: [{ id: 'a', kind: 'text', text: 'How was it?' }] } as const;
const DEFINITION: DialogDefinition = { ...SURVEY, timeoutMs: 60_000 };

/** @param open gives the store of the test */
export function describeDialogDefinitionsContract(open: () => Store): void {
  let producerId: number;

  beforeEach(async () => {
    producerId = await addProducer(open(), 'ci');
  });

  describe('surveys by name', () => {
    const save = (name: string, definition = '{}', owner = producerId) =>
      open().write((tx) => tx.dialogDefinitions.save({ producerId: owner, name }, { definition, nowMs: NOW }));

    test('one is kept as it was given, and changed by its name', async () => {
      const key = { producerId, name: '/' };
      await save('/', JSON.stringify(SURVEY));
      await save('/b');
      const kept = await open().read.dialogDefinitions.find(key);
      expect(kept).toEqual({ name: '/', definition: JSON.stringify(SURVEY), updatedAtMs: NOW });
      await save('/', '{"title":"x"}');
      expect(await open().read.dialogDefinitions.find(key)).toMatchObject({ definition: '{"title":"x"}' });
      expect(await open().read.dialogDefinitions.count(producerId)).toBe(2);
    });

    test('two producers have their own of the same name', async () => {
      const other = await addProducer(open(), 'billing');
      await save('b');
      await save('a');
      await save('b', '[]', other);
      const names = async (owner: number) => (await open().read.dialogDefinitions.list(owner)).map(({ name }) => name);
      expect([await names(producerId), await names(other)]).toEqual([['a', 'b'], ['b']]);
      const remove = (owner: number) =>
        open().write((tx) => tx.dialogDefinitions.remove({ producerId: owner, name: 'b' }));
      expect([await remove(other), await remove(other)]).toEqual([true, false]);
      expect(await names(producerId)).toEqual(['a', 'b']);
    });

    test('a producer has no more than it may, also when the last ones come at the same time', async () => {
      const { maxDefinitions } = DIALOG_LIMITS;
      await open().write(async (tx) => {
        for (let index = 2; index < maxDefinitions; index++) {
          await tx.dialogDefinitions.save({ producerId, name: `d${index}` }, { definition: '{}', nowMs: NOW });
        }
      });
      const put = (name: string) => putDefinition({ store: open(), clock: systemClock }, { producerId, name }, SURVEY);
      const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(put));
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
      expect(await put('d5')).toMatchObject({ isNew: false });
    });
  });

  describe('dialogs as their producer sees them', () => {
    let ana: InstalledPerson;

    beforeEach(async () => {
      ana = await installPerson(open(), { index: 1, nowMs: NOW });
    });

    const insert = (publicId: string) =>
      open().write((tx) =>
        tx.dialogs.insert({
          ...{ publicId, producerId, personId: ana.personId, conversationId: ana.conversationId },
          ...{ definition: DEFINITION, progress: '{}', nowMs: NOW },
        }),
      );

    test('one is named by its person, and by nobody once that is erased', async () => {
      const id = await insert('dlg_1');
      const shown = { id, publicId: 'dlg_1', title: SURVEY.title, state: 'waiting', answers: {}, createdAtMs: NOW };
      expect(await open().read.dialogRequests.getShown(id)).toMatchObject({
        ...shown,
        person: `aad:${ana.aadObjectId}`,
      });
      expect(await open().read.dialogRequests.findShown(producerId, 'dlg_1')).toMatchObject(shown);
      expect(await open().read.dialogRequests.findShown(producerId + 1, 'dlg_1')).toBeUndefined();
      await open().write((tx) => tx.dialogs.erase(ana.personId));
      expect(await open().read.dialogRequests.getShown(id)).toMatchObject({ ...shown, person: null });
    });

    test('they are listed newest first, page by page, by state', async () => {
      const [first, second, third] = [await insert('dlg_1'), await insert('dlg_2'), await insert('dlg_3')];
      await open().write((tx) =>
        closeDialog(tx, { dialogId: second, state: 'cancelled', reason: null, nowMs: NOW + 1 }),
      );
      const list = async (page: object, limit = 10) =>
        (await open().read.dialogRequests.list({ producerId, ...page }, limit)).map(({ id }) => id);
      expect(await list({})).toEqual([third, second, first]);
      expect(await list({ before: third }, 1)).toEqual([second]);
      expect(await list({ state: 'waiting' })).toEqual([third, first]);
      expect(await list({ producerId: producerId + 1 })).toEqual([]);
    });

    test('a request is known by its key as long as its dialog is kept', async () => {
      const dialogId = await insert('dlg_1');
      const request = { producerId, key: 'k', requestSha256: Uint8Array.from([0, 255]), dialogId };
      await open().write((tx) => tx.dialogRequests.insert(request));
      const found = await open().read.dialogRequests.find(producerId, 'k');
      expect({ ...found, requestSha256: [...(found?.requestSha256 ?? [])] }).toEqual({
        ...request,
        requestSha256: [0, 255],
      });
      await expect(open().write((tx) => tx.dialogRequests.insert(request))).rejects.toThrow();
      await open().write(async (tx) => {
        await tx.dialogs.end({ dialogId, state: 'failed', reason: 'opted_out', nowMs: NOW });
        await tx.dialogs.deleteEndedBefore(NOW + 1, 10);
      });
      expect(await open().read.dialogRequests.find(producerId, 'k')).toBeUndefined();
    });

    test('the end is told once, with the answers, to a producer with a webhook, and to no other', async () => {
      const take = () => open().write((tx) => tx.statusEvents.takeWaiting(10));
      const end = (dialogId: number) =>
        open().write((tx) => closeDialog(tx, { dialogId, state: 'failed', reason: 'opted_out', nowMs: NOW + 5 }));
      await end(await insert('dlg_1'));
      expect(await take()).toEqual([]);
      const { id: endpointId } = await open().write((tx) =>
        tx.webhookEndpoints.insert({
          ...{ publicId: 'whe_1', producerId, url: 'https://example.com/', events: null, description: null },
          ...{ secret: 'sealed', createdAtMs: NOW },
        }),
      );
      const id = await insert('dlg_2');
      await open().write(async (tx) => {
        await tx.dialogs.begin(id, { nowMs: NOW, expiresAtMs: NOW + 9, questionId: 'a' });
        await tx.dialogs.move(id, { progress: '{}', answers: { a: 'Good' }, questionId: 'a' });
      });
      await end(id);
      await end(id);
      const [event, ...others] = await take();
      expect([event, others]).toEqual([{ id: expect.any(Number), producerId, type: 'dialog.ended' }, []]);
      await open().write((tx) => tx.webhookMessages.insert([{ endpointId, eventId: event?.id ?? 0 }], NOW));
      const [message] = await open().write((tx) =>
        tx.webhookMessages.claim({ endpointId, owner: 'o', nowMs: NOW, leaseUntilMs: NOW + 1, limit: 1 }),
      );
      expect(message?.event).toMatchObject({
        ...{
          type: 'dialog.ended',
          dialogPublicId: 'dlg_2',
          reason: 'opted_out',
          atMs: NOW + 5,
          notificationPublicId: null,
        },
        dialog: { title: SURVEY.title, state: 'failed', person: `aad:${ana.aadObjectId}`, answers: { a: 'Good' } },
      });
      expect((await open().read.webhookMessages.list(endpointId, { limit: 1 }))[0]?.dialogPublicId).toBe('dlg_2');
    });
  });
}
