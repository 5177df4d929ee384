// Polls in chats and their cards, on SQLite.

import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describePollCardsContract } from './poll-cards-contract.ts';

const queue = useSqliteQueue();

describePollCardsContract(queue);
