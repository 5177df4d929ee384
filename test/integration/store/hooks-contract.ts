// What every store must do with hooks.

import { erasePerson } from '../../../src/directory/erase-person.ts';
import type { HookSettings } from '../../../src/domain/hook.ts';
import { createSealer } from '../../../src/domain/seal.ts';
import { createHookSchemas } from '../../../src/hooks/hook-requests.ts';
import { createHookManagement } from '../../../src/hooks/manage-hooks.ts';
import { DIALECT_NAMES } from '../../../src/sources/dialect-names.ts';
import { DIALECTS } from '../../../src/sources/dialects.ts';
import type { NewHook } from '../../../src/store/statements/hooks.ts';
import type { Store } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { addProducer, TENANT } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';

const NOW = Date.UTC(2026, 0, 1);
const SETTINGS: HookSettings = {
  to: ['ana@contoso.com'],
  choosable: [],
  rights: { canBroadcast: false, canSendCards: true },
  severity: 'error',
  priority: 'bulk',
  hasLifecycle: false,
  template: 'order',
  filters: ['event=push', 'actor!=*bot*'],
  ratePerMinute: 60,
};
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const ANA = 'ana@contoso.com';
const BEN = 'ben@contoso.com';
const SECRETS = { secret: 'sha256.new', previousSecret: 'sha256.old', previousSecretUntilMs: NOW + 5 };

/** @param open gives the store of the test */
export function describeHooksContract(open: () => Store): void {
  describe('hooks', () => {
    let producerId: number;

    beforeEach(async () => {
      producerId = await addProducer(open(), 'ci');
    });

    const insert = (hook: Partial<NewHook> & Pick<NewHook, 'publicId'>) =>
      open().write((tx) =>
        tx.hooks.insert({
          ...{ producerId, name: 'alerts', dialect: 'github', auth: 'signature', secret: 'v1.sealed' },
          ...{ settings: SETTINGS, createdAtMs: NOW },
          ...hook,
        }),
      );
    const find = (publicId: string, owner?: number) => open().read.hooks.find(publicId, owner);
    const idOf = async (publicId: string) => (await find(publicId))?.id ?? 0;

    test('one is kept as it was given, and found by its own producer only', async () => {
      const other = await addProducer(open(), 'billing');
      expect(await insert({ publicId: 'hook_1' })).toBe(true);
      expect(await find('hook_1', producerId)).toEqual({
        id: expect.any(Number),
        ...{ publicId: 'hook_1', producerId, producerName: 'ci', isProducerDisabled: false, tenantId: null },
        ...{ name: 'alerts', dialect: 'github', auth: 'signature', secret: 'v1.sealed' },
        ...{ previousSecret: null, previousSecretUntilMs: null, settings: SETTINGS },
        ...{ createdAtMs: NOW, disabledAtMs: null },
      });
      expect([await find('hook_1', other), await find('hook_2')]).toEqual([undefined, undefined]);
    });

    test('a change changes what it names, and nothing else', async () => {
      await insert({ publicId: 'hook_1' });
      await insert({ publicId: 'hook_2', name: 'other' });
      const [before, other, id] = [await find('hook_1'), await find('hook_2'), await idOf('hook_1')];
      const change = (values: object) => open().write((tx) => tx.hooks.change(id, values));
      await change({});
      expect(await find('hook_1')).toEqual(before);
      await change(SECRETS);
      expect(await find('hook_1')).toEqual({ ...before, ...SECRETS });
      const settings = { ...SETTINGS, to: [] };
      await change({ name: 'new', settings, disabledAtMs: NOW + 1 });
      expect(await find('hook_1')).toEqual({ ...before, ...SECRETS, name: 'new', settings, disabledAtMs: NOW + 1 });
      await change({ previousSecret: null, previousSecretUntilMs: null, disabledAtMs: null });
      const { secret } = SECRETS;
      expect(await find('hook_1')).toEqual({ ...before, secret, name: 'new', settings });
      expect(await find('hook_2')).toEqual(other);
    });

    test('one that is deleted is gone, and its name is free again', async () => {
      await insert({ publicId: 'hook_1' });
      const id = await idOf('hook_1');
      await open().write((tx) => tx.hooks.delete(id));
      expect(await find('hook_1')).toBeUndefined();
      expect(await insert({ publicId: 'hook_2' })).toBe(true);
    });

    test('names are unique within a producer, and lists go by producer and name', async () => {
      const other = await addProducer(open(), 'billing');
      await insert({ publicId: 'hook_1', name: 'b' });
      await insert({ publicId: 'hook_2', name: 'a' });
      expect(await insert({ publicId: 'hook_3', name: 'a' })).toBe(false);
      expect(await insert({ publicId: 'hook_4', name: 'a', producerId: other })).toBe(true);
      const idsOf = async (owner?: number) => (await open().read.hooks.list(owner)).map(({ publicId }) => publicId);
      expect([await idsOf(), await idsOf(other), await idsOf(0)]).toEqual([
        ['hook_4', 'hook_2', 'hook_1'],
        ['hook_4'],
        [],
      ]);
    });

    test('of several of one name that come at the same time one is kept', async () => {
      const results = await Promise.all(['hook_1', 'hook_2', 'hook_3'].map((publicId) => insert({ publicId })));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await open().read.hooks.list(producerId)).toHaveLength(1);
    });

    test('name, tenant and state of the producer come with its hooks', async () => {
      const own = await open().write((tx) => tx.producers.insert('own', TENANT, NOW));
      await insert({ publicId: 'hook_1', producerId: own?.id ?? 0 });
      const producer = { producerName: 'own', tenantId: TENANT };
      expect(await find('hook_1')).toMatchObject({ ...producer, isProducerDisabled: false });
      await open().write((tx) => tx.producers.setDisabled('own', NOW));
      expect(await find('hook_1')).toMatchObject({ ...producer, isProducerDisabled: true, disabledAtMs: null });
      expect(await open().read.hooks.list()).toMatchObject([{ ...producer, isProducerDisabled: true }]);
    });

    test('settings may hold any text at all', async () => {
      const filters = ['actor!=\u0000\u001f\u007f', 'label=\ud800', 'branch=\u2028"\\\'ü\u{1f469}\u200d\u{1f467}'];
      await insert({ publicId: 'hook_1', settings: { ...SETTINGS, filters } });
      expect((await find('hook_1'))?.settings).toEqual({ ...SETTINGS, filters });
      const changed = { ...SETTINGS, to: ['\u0000'] };
      const id = await idOf('hook_1');
      await open().write((tx) => tx.hooks.change(id, { settings: changed }));
      expect((await find('hook_1'))?.settings).toEqual(changed);
    });

    describe('as their owner manages them', () => {
      const manage = (store = open()) => {
        let made = 0;
        const randomBytes = (size: number) => new Uint8Array(size).fill(++made);
        return createHookManagement({
          ...{ store, clock: new ManualClock(NOW), schemas: createHookSchemas(DIALECT_NAMES) },
          ...{ dialects: DIALECTS, randomBytes, sealer: createSealer({ randomBytes }, []), publicUrl: undefined },
        });
      };
      const owner = () => ({
        producerId,
        canSend: true,
        canBroadcast: true,
        canSendCards: true,
        canPassQuiet: true,
        recipients: [],
      });
      const wish = (name: string) => ({ name, source: 'alertmanager', to: ['ana@contoso.com'] });

      test('changes that come at the same time are all made', async () => {
        const hooks = manage();
        const { id } = await hooks.addHook({ owner: owner(), json: wish('alerts') });
        const changes = {
          name: 'new',
          to: ['ben@contoso.com'],
          severity: 'error',
          filters: ['event=a'],
          lifecycle: false,
        };
        await Promise.all(
          Object.entries(changes).map(([field, value]) =>
            hooks.changeHook({ owner: owner(), id, json: { [field]: value } }),
          ),
        );
        expect(await hooks.getHook({ owner: owner(), id })).toMatchObject(changes);
      });

      test('two that take the same new name at the same time do not both get it, and the other is told so', async () => {
        const hooks = manage();
        const made = await Promise.all(NAMES.map((name) => hooks.addHook({ owner: owner(), json: wish(name) })));
        const results = await Promise.allSettled(
          made.map(({ id }) => hooks.changeHook({ owner: owner(), id, json: { name: 'same' } })),
        );
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
        expect(reasons).toEqual(NAMES.slice(1).map(() => 'already_exists'));
      });

      test('who is erased while a hook is changed is not brought back by the change', async () => {
        const { id } = await manage().addHook({ owner: owner(), json: { ...wish('alerts'), to: [ANA, BEN] } });
        let erased: Promise<unknown> = Promise.resolve();
        const slow = storeWithWrite(open(), (work) =>
          open().write((tx) => {
            const change = async (...[hookId, values]: Parameters<typeof tx.hooks.change>) => {
              erased = erasePerson(
                { store: open(), clock: new ManualClock(NOW) },
                { recipient: { kind: 'address', address: ANA } },
              );
              // An erasure that waits for nobody is over before: each of these takes as long as one of its statements.
              for (let reads = 0; reads < 400; reads++) {
                await find(id);
              }
              return tx.hooks.change(hookId, values);
            };
            return work({ ...tx, hooks: { ...tx.hooks, change } });
          }),
        );
        await manage(slow).changeHook({ owner: owner(), id, json: { ratePerMinute: 7 } });
        expect(await erased).toMatchObject({ hooks: 1 });
        expect((await find(id))?.settings).toMatchObject({ to: [BEN], ratePerMinute: 7 });
      });

      test('of secrets that are exchanged at the same time the last two are good', async () => {
        const hooks = manage();
        const { id } = await hooks.addHook({ owner: owner(), json: wish('alerts') });
        const original = (await find(id))?.secret;
        // A connection for each, so that they do meet.
        await Promise.all(NAMES.map((name) => hooks.addHook({ owner: owner(), json: wish(name) })));
        await Promise.all([1, 2].map(() => hooks.rotateHook({ owner: owner(), id, json: {} })));
        const { secret, previousSecret } = (await find(id)) ?? {};
        expect(new Set([original, secret, previousSecret]).size).toBe(3);
      });
    });
  });
}
