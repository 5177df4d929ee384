// Dialogs in the chat, on SQLite.

import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeDialogsContract } from './dialogs-contract.ts';

const queue = useSqliteQueue();

describeDialogsContract(queue);
