// Dialogs in the chat, on PostgreSQL.

import { usePostgresQueue } from '../../support/engine-queues.ts';
import { describeDialogsContract } from './dialogs-contract.ts';

const queue = usePostgresQueue();

describeDialogsContract(queue);
