// Which statements PostgreSQL keeps prepared.

import { createStatementNames } from '../../../src/store/postgres/query.ts';

test('a text has a name from its second run on, always the same and no other one has it', () => {
  const nameOf = createStatementNames();
  expect([nameOf('SELECT 1'), nameOf('SELECT 2')]).toEqual([undefined, undefined]);
  const [one, two] = [nameOf('SELECT 1'), nameOf('SELECT 2')];
  expect(one).toEqual(expect.any(String));
  expect(two).toEqual(expect.any(String));
  expect(two).not.toBe(one);
  expect(nameOf('SELECT 1')).toBe(one);
});

test('texts without end do not all get one, and those that have one keep it', () => {
  const nameOf = createStatementNames();
  nameOf('SELECT 0');
  const first = nameOf('SELECT 0');
  const names = Array.from({ length: 1_000 }, (_, at) => [nameOf(`IN (${at})`), nameOf(`IN (${at})`)][1]);
  expect(names.filter((name) => name !== undefined)).toHaveLength(199);
  expect(nameOf('SELECT 0')).toBe(first);
});
