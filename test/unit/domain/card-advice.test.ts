// What could be better about a card that may be sent.

import { adviseOnCard } from '../../../src/domain/card-advice.ts';

const link = { type: 'Action.OpenUrl', url: 'https://ci.example' };
const card = (element: object, fields: object = {}) => ({
  type: 'AdaptiveCard',
  version: '1.2',
  fallbackText: 'text',
  body: [element],
  actions: [link],
  ...fields,
});
const codesOf = (value: Record<string, unknown>) => adviseOnCard(value, '/card').map(({ code }) => code);
const text = (value: string, fields: object = {}) => ({ type: 'TextBlock', text: value, wrap: true, ...fields });

test('a card that is well made gets no advice', () => {
  expect(adviseOnCard(card(text('Hello **you**, [look](https://ci.example)')), '/card')).toEqual([]);
});

test.each([
  ['no_fallback_text', card(text('x'), { fallbackText: undefined })],
  ['newer_than_version', card({ type: 'Table', rows: [] })],
  ['no_alt_text', card({ type: 'Image', url: 'https://ci.example' })],
  ['text_not_wrapped', card(text('long '.repeat(10), { wrap: false }))],
  ['style_ignored', card(text('x'), { actions: [{ ...link, style: 'positive' }] })],
  ['function_not_supported', card(text('{{DATE(2026-01-01T08:00:00Z)}}'))],
  ['markdown_not_supported', card(text('# Title'))],
  ['no_mention', card(text('<at>Ana</at>'))],
  ['no_link', card(text('x'), { actions: [] })],
])('%s', (code, value) => {
  expect(codesOf(value)).toEqual([code]);
});

test('says where, however deep it stands', () => {
  const columns = [{ items: [{ type: 'Image', url: 'https://ci.example' }] }];
  expect(adviseOnCard(card({ type: 'ColumnSet', columns }), '/card')).toMatchObject([
    { code: 'no_alt_text', pointer: '/card/body/0/columns/0/items/0' },
  ]);
});
