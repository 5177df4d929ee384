// Votes on a SQLite file.

import { DatabaseSync } from 'node:sqlite';
import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeVotesContract } from './votes-contract.ts';

const queue = useSqliteQueue();

describe('polls', () =>
  describeVotesContract({
    queue,
    openBeside: async () => queue().openBeside(),
    async change(sql) {
      const db = new DatabaseSync(queue().path);
      db.exec(sql);
      db.close();
    },
  }));
