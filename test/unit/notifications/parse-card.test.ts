// Requests with a card of the producer's own making.

import { CARD_LIMITS } from '../../../src/domain/card-check.ts';
import { parseJson } from '../../../src/http/parse-json.ts';
import { faultsOf, parse } from './requests.ts';

const CARD = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Hello' }] };
const REQUEST = { to: 'ana@contoso.com', summary: 'db1 is full', card: CARD } as const;
const pointersOf = (fields: object) => faultsOf({ ...REQUEST, ...fields }).map(({ pointer }) => pointer);

test('is a card with a summary, which is its title too unless there is one', () => {
  const { title: _, ...noTitle } = parse(REQUEST);
  expect(parse({ ...REQUEST, title: undefined })).toEqual({ ...noTitle, title: 'db1 is full' });
  expect(parse({ ...REQUEST, title: 'Disk' })).toMatchObject({ title: 'Disk', summary: 'db1 is full', card: CARD });
});

test('takes severity, priority, ttl and onUnknown as any other', () => {
  const fields = { severity: 'critical', priority: 'urgent', onUnknown: 'hold' };
  expect(parse({ ...REQUEST, ...fields, ttl: 'PT1H' })).toMatchObject({ ...fields, ttl: 3_600_000 });
});

test('needs a summary: a card alone has no toast', () => {
  expect(pointersOf({ summary: undefined })).toEqual(['/summary']);
});

test('has no text, facts, links or images beside the card', () => {
  const fields = { text: 'x', facts: [], links: [], images: [] };
  expect(pointersOf(fields)).toEqual(['/text', '/facts', '/links', '/images']);
  expect(pointersOf({ textFormat: 'plain', mentions: [] })).toEqual(['/textFormat', '/mentions']);
});

test('tells the faults of the card together with all others', () => {
  const card = { ...CARD, body: [{ type: 'Image', url: 'http://x' }, { type: 'Input.Text' }] };
  expect(pointersOf({ ttl: 5, colour: 'red', card })).toEqual([
    '/ttl',
    '/colour',
    '/card/body/0/url',
    '/card/body/1/type',
  ]);
});

test('the deepest card that may be sent is not too deep for the API', () => {
  const deep = (depth: number): object =>
    depth === 0 ? { type: 'TextBlock', text: 'x' } : { type: 'Container', items: [deep(depth - 1)] };
  const json = JSON.stringify({ ...REQUEST, card: { ...CARD, body: [deep(CARD_LIMITS.maxDepth - 2)] } });
  expect(faultsOf(parseJson(Buffer.from(json)))).toEqual([]);
});

test.each([null, 'x', 5, []])('%j is no card', (card) => {
  expect(pointersOf({ card })).toEqual(['/card']);
});
