// Telling somebody something, on SQLite.

import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeTellsContract } from './tells-contract.ts';

const queue = useSqliteQueue();

describeTellsContract(queue);
