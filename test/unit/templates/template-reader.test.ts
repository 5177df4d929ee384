// Which compiled templates are kept.

import { createTemplateReader } from '../../../src/templates/use-template.ts';

const row = (name: string, textLength: number) => {
  const card = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: `${name} ${'x'.repeat(textLength)}` }] };
  const body = JSON.stringify({ card, summary: 'Hello' });
  return { name, body, sample: '{}', createdAtMs: 0, updatedAtMs: 0 };
};

test('a template that is used again is not compiled again', () => {
  const read = createTemplateReader();
  expect(read(row('a', 10))).toBe(read(row('a', 10)));
});

test.each([
  ['small', 10, 100],
  ['large', 60_000, 16],
])('of %s templates those used last are kept, and no more of them than memory should hold', (_size, length, most) => {
  const read = createTemplateReader();
  const first = read(row('0', length));
  const names = Array.from({ length: most - 1 }, (_, index) => String(index + 1));
  const others = names.map((name) => read(row(name, length)));
  expect(read(row('0', length))).toBe(first);
  read(row('one more', length));
  expect(read(row('2', length))).toBe(others[1]);
  expect(read(row('1', length))).not.toBe(others[0]);
});
