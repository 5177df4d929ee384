// What every connection is set to, directly or, behind a connection pooler, transaction by transaction.

/**
 * Time limits: a statement that takes longer helps nobody any more, and a process that hangs must not keep locks.
 * Planner: every statement on the large tables has an index made for it. Right after a large backlog has been analysed
 * the planner believes that reading the whole table is cheaper, and a claim takes seconds. Switching its other ways off
 * makes them look so expensive that it would compile the plan, which takes longer than running it.
 */
const SETTINGS = {
  statement_timeout: '15s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '30s',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
} as const;

const assign = (verb: string): string =>
  Object.entries(SETTINGS)
    .map(([name, value]) => `${verb} ${name} = '${value}'`)
    .join('; ');

/** For a connection of our own. */
export const SET_SESSION = assign('SET');

/** In one round trip: behind a pooler a session belongs to others as soon as the transaction has ended. */
export const BEGIN_WITH_SETTINGS = `BEGIN; ${assign('SET LOCAL')}`;
