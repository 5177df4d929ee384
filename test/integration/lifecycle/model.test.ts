// Any events of things, edits, recalls and losses, at any pace, with whatever goes wrong in between: on SQLite.

import { randomInt } from 'node:crypto';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { createModelPlay } from './model.ts';

/** `MODEL_CASES=10000 MODEL_STEPS=10` plays more. */
const CASES = Number(process.env['MODEL_CASES'] ?? 2_000);
const STEPS = Number(process.env['MODEL_STEPS'] ?? 5);
const AT_ONCE = 1_000;

let queue: DeliveryFixture;

beforeEach(async () => {
  queue = await DeliveryFixture.create();
});

afterEach(() => queue.dispose());

test('each chat shows the latest state in its last message, all others as ended, and no message too many', async () => {
  const play = await createModelPlay(queue);
  for (let played = 0; played < CASES; played += AT_ONCE) {
    expect(await play.play({ count: AT_ONCE, steps: STEPS, seed: randomInt(2 ** 31) })).toEqual([]);
  }
  await play.stop();
}, 600_000);
