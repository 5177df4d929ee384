// A producer's polls.

import type { PollManagement } from '../polls/manage-polls.ts';
import { CSV_TYPE } from '../polls/poll-csv.ts';
import type { Grant } from '../producers/grant.ts';
import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import { createOwnedRoutes } from './owned-routes.ts';
import { parseJson } from './parse-json.ts';
import { ASK_POLL, CLOSE_POLL, EXPORT_POLL, GET_POLL, LIST_POLLS, LIST_VOTES } from './poll-operations.ts';
import { readQuery, refuseQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead, readIdempotencyKey } from './request-head.ts';
import type { Route } from './route.ts';

/** The use cases behind these routes. */
export interface PollUseCases extends Omit<PollManagement, 'askPoll'> {
  /** Stores the poll and the message that asks: both are on disk when this resolves. */
  askPoll(input: {
    readonly grant: Grant;
    readonly json: unknown;
    readonly body: Buffer;
    readonly idempotencyKey: string | undefined;
  }): Promise<{ readonly id: string; readonly notification: object; readonly isReplay: boolean }>;
}

interface Named {
  readonly grant: Grant;
  readonly producerId: number;
  readonly id: string;
}

const POLLS = '/api/v1/polls';
const POLL = `${POLLS}/:id`;

/** All of them; each refuses what another producer owns as if it did not exist. */
export function pollRoutes(
  { polls, guard }: { readonly polls: PollUseCases; readonly guard: Guard },
  options: { readonly maxBodyBytes: number },
): readonly Route[] {
  const { route, ask, change } = createOwnedRoutes<Named>(guard, options, (grant, { id = '' }) => ({
    grant,
    producerId: grant.producerId,
    id,
  }));
  return [
    route({ method: 'POST', path: POLLS, operation: ASK_POLL }, async ({ grant }, exchange) => {
      refuseQuery(exchange);
      const idempotencyKey = readIdempotencyKey(exchange.request);
      checkJsonHead(exchange.request, options.maxBodyBytes);
      const body = await readBody(exchange, options.maxBodyBytes);
      const { isReplay, ...poll } = await polls.askPoll({ grant, json: parseJson(body), body, idempotencyKey });
      const headers = { Location: `${POLLS}/${poll.id}`, ...(isReplay && { 'Idempotency-Replayed': 'true' }) };
      return jsonAnswer(202, poll, headers);
    }),
    route({ method: 'GET', path: POLLS, operation: LIST_POLLS }, async ({ producerId }, exchange) =>
      jsonAnswer(200, await polls.listPolls({ producerId, query: readQuery(exchange) })),
    ),
    ask(POLL, GET_POLL, (named) => polls.getPoll(named)),
    route({ method: 'GET', path: `${POLL}/votes`, operation: LIST_VOTES }, async (named, exchange) =>
      jsonAnswer(200, await polls.listVotes({ ...named, query: readQuery(exchange) })),
    ),
    route({ method: 'GET', path: `${POLL}/csv`, operation: EXPORT_POLL }, async (named, exchange) => {
      refuseQuery(exchange);
      const headers = { 'Content-Disposition': `attachment; filename="${named.id}.csv"` };
      return { status: 200, contentType: CSV_TYPE, body: '', parts: await polls.exportPoll(named), headers };
    }),
    change({ method: 'POST', path: `${POLL}/close`, operation: CLOSE_POLL }, async (named) =>
      jsonAnswer(200, await polls.closePoll(named)),
    ),
  ];
}
