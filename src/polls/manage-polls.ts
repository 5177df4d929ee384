// A producer's polls: asking one, reading how it stands, closing it.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { BotContent } from '../domain/notification.ts';
import { faultyRequest, parseRequest } from '../domain/parse-request.ts';
import { createPollId, isPollId } from '../domain/poll-id.ts';
import { parseQuery, type Query } from '../domain/request-query.ts';
import type { Sealer } from '../domain/seal.ts';
import { readPollResult } from '../store/poll-result.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Statements, Store } from '../store/store.ts';
import { closePoll } from './close-poll.ts';
import { type PollList, type PollView, toListed, toView, toVote, type VoteList } from './poll-answers.ts';
import { countLines, voteHeader, voteLine } from './poll-csv.ts';
import {
  MAX_OPEN_MS,
  type PollRequest,
  pollListQuery,
  pollRequest,
  toPoll,
  ttlOf,
  voteListQuery,
} from './poll-requests.ts';
import { storePoll } from './store-poll.ts';

/** What it takes. */
export interface PollDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** The message that asks, for whoever sends messages. */
export interface Question {
  readonly to: readonly string[];
  readonly priority: PollRequest['priority'];
  readonly ttlMs: number;
  readonly content: BotContent;
  /** Stores the poll, in the transaction that stores the message. */
  store(tx: Statements, notification: { readonly notificationId: number; readonly nowMs: number }): Promise<void>;
}

/** Who asks, and what sends the question. */
export interface PollWish<Sent> {
  readonly producerId: number;
  readonly json: unknown;
  send(question: Question): Promise<Sent>;
}

/** A poll of a producer, by its public id. */
export interface NamedPoll {
  readonly producerId: number;
  readonly id: string;
}

/** All but the list throw AppError `not_found` for what is unknown or another producer's. */
export interface PollManagement {
  /** @throws AppError `invalid_request`, `encryption_key_missing`, and what `send` throws */
  askPoll<Sent extends { readonly answer: { readonly id: string } }>(
    wish: PollWish<Sent>,
  ): Promise<Sent & { readonly id: string }>;
  getPoll(named: NamedPoll): Promise<PollView>;
  listPolls(input: { readonly producerId: number; readonly query: Query }): Promise<PollList>;
  /** @throws AppError `conflict` for an anonymous poll */
  listVotes(input: NamedPoll & { readonly query: Query }): Promise<VoteList>;
  /** The parts of a table. */
  exportPoll(named: NamedPoll): Promise<AsyncIterable<string>>;
  /** Closes it now; it may be asked for again and again. */
  closePoll(named: NamedPoll): Promise<PollView>;
}

/** Binds them to the store. */
export function createPollManagement(deps: PollDeps): PollManagement {
  const { store, clock } = deps;
  return {
    async askPoll({ json, producerId, send }) {
      const question = toQuestion(deps, parseRequest(pollRequest, json, 'poll'), producerId);
      const sent = await send(question);
      // Not what was made just now: of a request that came before, the poll was made then.
      const row = await store.read.polls.findByMessage(sent.answer.id, producerId);
      return { ...sent, id: requireFound(row).publicId };
    },
    async getPoll(named) {
      const row = await requirePoll(store.read, named);
      return toView(row, await readPollResult(store.read, row));
    },
    async listPolls({ producerId, query }) {
      const { cursor: before, limit } = parseQuery(pollListQuery, query);
      const found = await store.read.polls.list(producerId, before, limit + 1);
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return { polls: rows.map(toListed), nextCursor: found.length > limit && last ? String(last.id) : null };
    },
    async listVotes({ query, ...named }) {
      const { cursor: after = 0, limit } = parseQuery(voteListQuery, query);
      const { id, poll } = await requirePoll(store.read, named);
      if (poll.isAnonymous) {
        throw new AppError('conflict', 'This poll is anonymous: nobody can tell who chose what');
      }
      const found = await store.read.polls.listVotes(id, after, limit + 1);
      const votes = found.slice(0, limit);
      const last = votes.at(-1);
      return {
        votes: votes.map((vote) => toVote(vote, poll.choices)),
        nextCursor: found.length > limit && last ? String(last.personId) : null,
      };
    },
    exportPoll: async (named) => writeTable(store.read, await requirePoll(store.read, named)),
    async closePoll(named) {
      const closed = await store.write(async (tx) => {
        const { publicId } = await requirePoll(tx, named);
        return closePoll(tx, { publicId, nowMs: clock.nowMs() });
      });
      store.signalWork();
      const { row } = requireFound(closed);
      return toView(row, await readPollResult(store.read, row));
    },
  };
}

function toQuestion({ clock, ...parts }: PollDeps, request: PollRequest, producerId: number): Question {
  const askedAtMs = clock.nowMs();
  const poll = toPoll(request, askedAtMs);
  const publicId = createPollId(askedAtMs, parts.randomBytes);
  return {
    to: request.to,
    priority: request.priority,
    ttlMs: ttlOf(request, poll, askedAtMs),
    content: { kind: 'poll', view: { id: publicId, poll } },
    async store(tx, { notificationId, nowMs }) {
      // Only of a new request: a retry gets its first answer, also when the poll has closed meanwhile.
      requireTimely(poll.closesAtMs, nowMs);
      await storePoll(tx, { ...parts, poll, publicId, producerId, notificationId, nowMs });
    },
  };
}

/** @throws AppError `invalid_request` */
function requireTimely(closesAtMs: number | undefined, nowMs: number): void {
  const isTimely = closesAtMs === undefined || (closesAtMs > nowMs && closesAtMs <= nowMs + MAX_OPEN_MS);
  if (!isTimely) {
    const detail = `Expected an instant to come, at most 366 days ahead; by the clock of this service it is ${new Date(nowMs).toISOString()}`;
    throw faultyRequest('poll', [{ pointer: '/closesAt', detail }]);
  }
}

async function requirePoll({ polls }: Statements, { id, producerId }: NamedPoll): Promise<PollRow> {
  return requireFound(isPollId(id) ? await polls.find(id, producerId) : undefined);
}

function requireFound<Found>(found: Found | undefined): Found {
  if (found === undefined) {
    throw new AppError('not_found', 'There is no poll with this id');
  }
  return found;
}

/** Votes that are in memory at the same time. */
const AT_ONCE = 500;

async function* writeTable(read: Statements, row: PollRow): AsyncGenerator<string> {
  const { id, poll } = row;
  if (poll.isAnonymous) {
    yield countLines(row, await readPollResult(read, row)).join('');
    return;
  }
  yield voteHeader(row);
  for (let after: number | undefined = 0; after !== undefined; ) {
    const votes = await read.polls.listVotes(id, after, AT_ONCE);
    yield votes.map((vote) => voteLine(vote, poll.choices.length)).join('');
    after = votes.length === AT_ONCE ? votes.at(-1)?.personId : undefined;
  }
}
