// Votes on PostgreSQL.

import { usePostgresQueue } from '../../support/engine-queues.ts';
import { describeVotesContract } from './votes-contract.ts';

const queue = usePostgresQueue();

describe('polls', () =>
  describeVotesContract({
    queue,
    openBeside: () => queue().openBeside(),
    async change(sql) {
      await queue().rows(sql);
    },
  }));
