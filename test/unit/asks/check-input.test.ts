// What is entered beside an action.

import { checkInput } from '../../../src/asks/check-input.ts';
import type { AskedInput } from '../../../src/domain/ask.ts';

const asked = (fields: Partial<AskedInput>): AskedInput => ({
  kind: 'text',
  label: 'Why?',
  isRequired: true,
  ...fields,
});
const BAD = { kind: 'bad', label: 'Why?' };
const good = (value: string | number | null) => ({ kind: 'good', value });

test.each(['anything', 7, null, { a: 1 }, 'x'.repeat(10_000)])(
  'is not looked at where nothing is asked for: %#',
  (entered) => expect(checkInput(undefined, entered)).toEqual(good(null)),
);

test.each([undefined, null, '', ' \n\t '])('may be left out only where it is not required: %j', (entered) => {
  expect(checkInput(asked({}), entered)).toEqual(BAD);
  expect(checkInput(asked({ isRequired: false }), entered)).toEqual(good(null));
});

test.each<readonly [Partial<AskedInput>, unknown, string | number]>([
  [{}, '  too late \n', 'too late'],
  [{}, 'x'.repeat(2_000), 'x'.repeat(2_000)],
  [{ kind: 'number' }, '-3.5', -3.5],
  [{ kind: 'number' }, 0, 0],
  [{ kind: 'number' }, ' 42 ', 42],
  [{ kind: 'date' }, '2028-02-29', '2028-02-29'],
  [{ kind: 'choice', choices: ['Now', ' Later '] }, 'Now', 'Now'],
  [{ kind: 'choice', choices: ['Now', ' Later '] }, ' Later ', ' Later '],
])('is taken as what it is asked for as: %#', (fields, entered, value) =>
  expect(checkInput(asked(fields), entered)).toEqual(good(value)),
);

test.each<readonly [Partial<AskedInput>, unknown]>([
  [{}, 'x'.repeat(2_001)],
  [{}, 'x'.repeat(10_000)],
  [{}, 7],
  [{}, ['a']],
  [{}, { text: 'a' }],
  ...[
    '',
    'many',
    '1e9',
    '0x10',
    '1,5',
    'NaN',
    'Infinity',
    '1'.repeat(16),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
  ].map((entered) => [{ kind: 'number' }, entered] as const),
  ...['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '28.11.2026', '2026-1-1', 20_261_128].map(
    (entered) => [{ kind: 'date' }, entered] as const,
  ),
  ...['now', 'Never', '0', 0, ['Now']].map(
    (entered) => [{ kind: 'choice', choices: ['Now', 'Later'] }, entered] as const,
  ),
  [{ kind: 'choice' }, 'Now'],
])('that is something else is refused by its label: %#', (fields, entered) => {
  expect(checkInput(asked(fields), entered)).toEqual(BAD);
  expect(checkInput(asked({ ...fields, isRequired: false }), entered === '' ? 'x'.repeat(3_000) : entered)).toEqual(
    BAD,
  );
});
