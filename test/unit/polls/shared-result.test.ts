// Counting large polls once for all who look at the same time.

import type { PollResult } from '../../../src/domain/poll.ts';
import { COUNT_LASTS_MS, createSharedResult, MANY_VOTERS } from '../../../src/polls/shared-result.ts';
import type { Statements } from '../../../src/store/store.ts';

const POLL = { question: 'Lunch?', choices: ['Soup', 'Salad'], isSeveral: false, isAnonymous: false };
const OPEN = { id: 1, poll: POLL, result: null };
const tx = {} as Statements;

let counted: number[];

/** @param more how many vote between two counts */
function readerOf(voters: number, { more = 1 } = {}) {
  counted = [];
  return createSharedResult(async (_tx, { id, result }) => {
    counted.push(id);
    const now = voters + (counted.length - 1) * more;
    return result ?? { counts: [now, 0], voters: now, isClosed: false };
  });
}

test('a large poll is counted once for all who look within a second', async () => {
  const read = readerOf(MANY_VOTERS);
  const first = await read(tx, OPEN, 1_000);
  expect(await read(tx, OPEN, 1_000 + COUNT_LASTS_MS - 1)).toEqual(first);
  expect(counted).toHaveLength(1);
  expect(await read(tx, OPEN, 1_000 + COUNT_LASTS_MS)).toMatchObject({ voters: MANY_VOTERS + 1 });
});

test('a small poll is counted each time, so that everybody sees their own vote', async () => {
  const read = readerOf(MANY_VOTERS - 10);
  expect(await read(tx, OPEN, 0)).toMatchObject({ voters: MANY_VOTERS - 10 });
  expect(await read(tx, OPEN, 0)).toMatchObject({ voters: MANY_VOTERS - 9 });
});

test('a poll that has been closed meanwhile is told as it ended', async () => {
  const read = readerOf(MANY_VOTERS);
  await read(tx, OPEN, 0);
  const result: PollResult = { counts: [600, 1], voters: 601, isClosed: true };
  expect(await read(tx, { ...OPEN, result }, 0)).toEqual(result);
});

test('polls are told apart, and a clock that was set back does not keep a count', async () => {
  const read = readerOf(MANY_VOTERS);
  await read(tx, OPEN, 10_000);
  await read(tx, { ...OPEN, id: 2 }, 10_000);
  await read(tx, OPEN, 1_000);
  expect(counted).toEqual([1, 2, 1]);
});
