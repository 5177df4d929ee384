// What waited is told of in one message: on SQLite and on PostgreSQL.

import { usePostgresQueue, useSqliteQueue } from '../../support/engine-queues.ts';
import { describeDigestContract } from './digest-contract.ts';

describe('on SQLite', () => {
  const queue = useSqliteQueue();

  describeDigestContract(queue);
});

describe('on PostgreSQL', () => {
  const queue = usePostgresQueue();

  describeDigestContract(queue);
});
