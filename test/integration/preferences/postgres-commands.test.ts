// Commands and presses on PostgreSQL.

import { usePostgresQueue } from '../../support/engine-queues.ts';
import { describeCommandsContract } from './commands-contract.ts';

const queue = usePostgresQueue();

describe('commands and presses', () =>
  describeCommandsContract({
    queue,
    async change(sql) {
      await queue().rows(sql);
    },
  }));
