// Lifecycles, edits and recalls on SQLite.

import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeKeptKeysContract } from './kept-keys-contract.ts';
import { describeLifecycleContract } from './lifecycle-contract.ts';
import { describeMeetingsContract } from './meetings-contract.ts';

const queue = useSqliteQueue();

describe('messages that change', () => describeLifecycleContract(queue));

describeKeptKeysContract(queue);

describe('what meets a change under way', () => describeMeetingsContract(queue));
