// The same on PostgreSQL.

import { usePostgresQueue } from '../../support/engine-queues.ts';
import { describeAskTimesContract } from './ask-times-contract.ts';
import { describeMessageSignsContract } from './message-signs-contract.ts';

const queue = usePostgresQueue();

describe('the times of what is asked', () => describeAskTimesContract(queue));
describe('the signs that people give', () => describeMessageSignsContract(queue));
