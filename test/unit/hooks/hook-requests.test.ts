// What may be asked of hooks.

import { createHookSchemas } from '../../../src/hooks/hook-requests.ts';

const { registration, change } = createHookSchemas(['github']);

const isName = (name: string) => [
  registration.safeParse({ name, source: 'github' }).success,
  change.safeParse({ name }).success,
];

test.each(['a\u0000', 'a\nb', 'a\tb', '\u001b[31ma', 'a\u007f', 'a\u0085', 'a\u2028b', 'a\u2029b', '\ud800', ' '])(
  'a hook is not called %j: control characters stand in no name',
  (name) => {
    expect(isName(name)).toEqual([false, false]);
  },
);

test.each(['alerts', 'Störung: DB 1 (prod)', '警报', '\u{1f469}\u200d\u{1f467}'])('a hook may be called %j', (name) => {
  expect(isName(name)).toEqual([true, true]);
});
