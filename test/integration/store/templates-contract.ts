// What every store must do with templates.

import { systemClock } from '../../../src/domain/clock.ts';
import type { Store } from '../../../src/store/store.ts';
import { putTemplate } from '../../../src/templates/administer.ts';
import { TEMPLATE_LIMITS } from '../../../src/templates/template.ts';
import { addProducer } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const TEXT = { body: '{"summary":"${a}"}', sample: '{"a":"\\u0000ü"}', nowMs: NOW };

/** @param open gives the store of the test */
export function describeTemplatesContract(open: () => Store): void {
  describe('templates', () => {
    let producerId: number;

    beforeEach(async () => {
      producerId = await addProducer(open(), 'ci');
    });

    const save = (name: string, text = TEXT, owner = producerId) =>
      open().write((tx) => tx.templates.save({ producerId: owner, name }, text));

    test('one is kept as it was given, and changed by its name', async () => {
      await save('order');
      const key = { producerId, name: 'order' };
      const { body, sample } = TEXT;
      expect(await open().read.templates.find(key)).toEqual({
        ...{ name: 'order', body, sample },
        ...{ createdAtMs: NOW, updatedAtMs: NOW },
      });
      await save('order', { body: '{}', sample: '[]', nowMs: NOW + 5 });
      expect(await open().read.templates.find(key)).toEqual({
        ...{ name: 'order', body: '{}', sample: '[]' },
        ...{ createdAtMs: NOW, updatedAtMs: NOW + 5 },
      });
      expect(await open().read.templates.count(producerId)).toBe(1);
    });

    test('two producers have their own of the same name', async () => {
      const other = await addProducer(open(), 'billing');
      await save('order');
      await save('order', { ...TEXT, body: '{}' }, other);
      await save('alarm');
      const names = (found: readonly { readonly producerName: string; readonly name: string }[]) =>
        found.map(({ producerName, name }) => `${producerName}/${name}`);
      expect(names(await open().read.templates.list())).toEqual(['billing/order', 'ci/alarm', 'ci/order']);
      expect(names(await open().read.templates.list(other))).toEqual(['billing/order']);
      expect(await open().write((tx) => tx.templates.remove({ producerId: other, name: 'order' }))).toBe(true);
      expect(await open().write((tx) => tx.templates.remove({ producerId: other, name: 'order' }))).toBe(false);
      expect(await open().read.templates.find({ producerId, name: 'order' })).toMatchObject({ body: TEXT.body });
    });

    test('two that come at the same time are one', async () => {
      await Promise.all(['1', '2', '3'].map((body) => save('order', { ...TEXT, body })));
      expect(await open().read.templates.count(producerId)).toBe(1);
    });

    test('a producer has no more than it may, also when the last ones come at the same time', async () => {
      const { maxPerProducer } = TEMPLATE_LIMITS;
      await open().write(async (tx) => {
        for (let index = 2; index < maxPerProducer; index++) {
          await tx.templates.save({ producerId, name: `t${index}` }, TEXT);
        }
      });
      const deps = { store: open(), clock: systemClock, checkCard: () => [] };
      const put = (name: string) =>
        putTemplate(deps, { producerId, name }, { card: { type: 'AdaptiveCard' }, summary: 'x', sample: {} });
      const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(put));
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
      expect(await open().read.templates.count(producerId)).toBe(maxPerProducer);
      expect(await put('t5')).toMatchObject({ isNew: false });
    });
  });
}
