// Rows of a claim, read into deliveries.

import { createClaimedReader } from '../../../src/store/claimed-delivery.ts';

const SLOT = { slotAtMs: 1, intervalMs: 25 };
const rowOf = (notificationId: number, text: string) => ({
  notification_id: notificationId,
  content: JSON.stringify({ kind: 'reply', text }),
  remedies: '',
});

test('deliveries of one notification share one content', () => {
  const read = createClaimedReader();
  const [first, second, other] = [rowOf(1, 'a'), rowOf(1, 'a'), rowOf(2, 'a')].map((row) => read(row, SLOT).content);
  expect(first).toEqual({ kind: 'reply', text: 'a' });
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('a row id that was given out again brings its own content', () => {
  const read = createClaimedReader();
  read(rowOf(1, 'old'), SLOT);
  expect(read(rowOf(1, 'new'), SLOT).content).toEqual({ kind: 'reply', text: 'new' });
});

test('more notifications than are kept are all read', () => {
  const read = createClaimedReader();
  const texts = Array.from({ length: 200 }, (_, at) => `text ${at}`);
  expect(texts.map((text, at) => read(rowOf(at, text), SLOT).content)).toEqual(
    texts.map((text) => ({ kind: 'reply', text })),
  );
});
