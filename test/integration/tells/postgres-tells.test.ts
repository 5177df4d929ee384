// Telling somebody something, on PostgreSQL.

import { usePostgresQueue } from '../../support/engine-queues.ts';
import { describeTellsContract } from './tells-contract.ts';

const queue = usePostgresQueue();

describeTellsContract(queue);
