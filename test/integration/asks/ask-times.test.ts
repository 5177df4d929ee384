// Reminders and escalations, and the signs that people give of messages, on SQLite.

import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeAskTimesContract } from './ask-times-contract.ts';
import { describeMessageSignsContract } from './message-signs-contract.ts';

const queue = useSqliteQueue();

describe('the times of what is asked', () => describeAskTimesContract(queue));
describe('the signs that people give', () => describeMessageSignsContract(queue));
