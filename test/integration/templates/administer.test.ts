// What the owner of templates does, on a real database file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCard } from '../../../src/domain/card-check.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { FUNCTION_ARITIES } from '../../../src/templates/expression.ts';
import { createProducerTemplates } from '../../../src/templates/producer-templates.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { addProducer } from '../../support/store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

const templateOf = (text: string) => ({
  card: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text }] },
  summary: 'Hello ${name}',
  sample: { name: 'Ana' },
});

let folder: TemporaryFolder;
let store: Store;
let clock: ManualClock;
let templates: ReturnType<typeof createProducerTemplates>;
let producerId: number;

beforeEach(async () => {
  folder = createTemporaryFolder();
  store = openSqliteStore({ path: join(folder.path, 'bellhop.db'), isServer: true });
  clock = new ManualClock();
  templates = createProducerTemplates({ store, clock, checkCard });
  producerId = await addProducer(store, 'ci');
});

afterEach(async () => {
  await store.close();
  folder.remove();
});

const put = (name: string, json: unknown = templateOf('Hi ${name}')) =>
  templates.putTemplate({ producerId, name, json });
const fill = (name: string, data = { name: 'Ben' }) => templates.fillTemplate({ producerId, name, data });

test('a changed template is used from the next notification on', async () => {
  await put('greeting');
  expect(await fill('greeting')).toMatchObject({ card: { body: [{ text: 'Hi Ben' }] }, summary: 'Hello Ben' });
  clock.advance(1_000);
  const changed = await put('greeting', templateOf('Bye ${name}'));
  expect(changed).toMatchObject({ isNew: false, template: { createdAt: expect.stringMatching(/00Z$/) } });
  expect(changed.template.updatedAt > changed.template.createdAt).toBe(true);
  expect(await fill('greeting')).toMatchObject({ card: { body: [{ text: 'Bye Ben' }] } });
});

test('what is refused changes nothing', async () => {
  await put('greeting');
  await expect(put('greeting', templateOf('${rand(0, 1)}'))).rejects.toMatchObject({
    code: 'invalid_request',
    faults: [{ pointer: '/card/body/0/text' }],
  });
  await expect(put('greeting', templateOf('[x](http://${name})'))).rejects.toMatchObject({
    faults: [{ pointer: '/card', detail: expect.stringContaining('/body/0/text') }],
  });
  expect(await fill('greeting')).toMatchObject({ card: { body: [{ text: 'Hi Ben' }] } });
});

test('data from outside cannot put a link or a mention into markdown of the author', async () => {
  await put('greeting', templateOf('**${name}** [page](https://contoso.com)'));
  const { card } = await fill('greeting', { name: '](http://evil) <at>all</at>' });
  expect(checkCard(card, '')).toEqual([]);
  expect(JSON.stringify(card)).not.toContain('<at>');
});

test('markdown of somebody who is trusted leads to https only', async () => {
  await put('greeting', templateOf('${markdown(name)}'));
  expect(await fill('greeting', { name: '**[x](https://contoso.com)**' })).toMatchObject({
    card: { body: [{ text: '**[x](https://contoso.com)**' }] },
  });
  await expect(fill('greeting', { name: '[x](javascript:alert)' })).rejects.toMatchObject({
    faults: [{ pointer: '/template' }],
  });
});

describe('the page about templates', () => {
  const page = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

  test('shows a template that can be put', async () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    expect(await put('order-paid', JSON.parse(json))).toMatchObject({ isNew: true, template: { warnings: [] } });
  });

  test('names every function, and no other', () => {
    const [, list = ''] = /^Functions: (.*?)\. All others/ms.exec(page) ?? [];
    const names = [...list.matchAll(/`(\w+)[(`]/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(FUNCTION_ARITIES).sort());
  });
});
