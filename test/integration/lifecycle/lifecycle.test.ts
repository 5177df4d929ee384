// Lifecycles, edits and recalls on SQLite.

import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { describeKeptKeysContract } from './kept-keys-contract.ts';
import { describeLifecycleContract } from './lifecycle-contract.ts';
import { describeMeetingsContract } from './meetings-contract.ts';

let queue: DeliveryFixture;

beforeEach(async () => {
  queue = await DeliveryFixture.create();
});

afterEach(() => queue.dispose());

describe('messages that change', () => describeLifecycleContract(() => queue));

describeKeptKeysContract(() => queue);

describe('what meets a change under way', () => describeMeetingsContract(() => queue));
