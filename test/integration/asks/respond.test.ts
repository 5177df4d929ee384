// Answers on a SQLite file.

import { DatabaseSync } from 'node:sqlite';
import { useSqliteQueue } from '../../support/engine-queues.ts';
import { describeRespondContract } from './respond-contract.ts';

const queue = useSqliteQueue();

describe('answers', () =>
  describeRespondContract({
    queue,
    async change(sql) {
      const db = new DatabaseSync(queue().path);
      db.exec(sql);
      db.close();
    },
  }));
