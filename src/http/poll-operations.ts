// The operations on polls as they are described.

import { z } from 'zod';
import { acceptedNotification } from '../notifications/store-notification.ts';
import { pollList, pollView, voteList } from '../polls/poll-answers.ts';
import { CSV_TYPE } from '../polls/poll-csv.ts';
import { pollListQuery, pollRequest, voteListQuery } from '../polls/poll-requests.ts';
import { SEND_NOTIFICATION } from './notification-operations.ts';
import type { Operation } from './operation.ts';

const TOPIC = 'Polls';
const NAMED = { topic: TOPIC, scopes: ['read'], path: { id: 'Id of the poll: `pol_...`.' } } as const;

const askedPoll = z
  .object({
    id: z.string().meta({ examples: ['pol_01M82G2CA6970BYVNE96CZQK45'] }),
    notification: acceptedNotification.describe('The message that asks.'),
  })
  .meta({ id: 'AskedPoll', description: 'A poll that is on disk.' });

export const ASK_POLL: Operation = {
  id: 'askPoll',
  topic: TOPIC,
  summary: 'Ask people to choose',
  description:
    'The question goes out as a notification. With an `Idempotency-Key` a request may be repeated, as there. ' +
    'A vote is one press; it may be changed until the poll closes.',
  scopes: SEND_NOTIFICATION.scopes,
  ...(SEND_NOTIFICATION.headers && { headers: SEND_NOTIFICATION.headers }),
  request: {
    schema: pollRequest,
    example: { to: ['topic:deploys'], question: 'Deploy today?', choices: ['Yes', 'Tomorrow'], closesIn: 'PT4H' },
  },
  answers: {
    202: {
      description: 'It is on disk. Who cannot be reached is listed with the reason.',
      schema: askedPoll,
      headers: {
        Location: 'Where to ask how it stands.',
        'Idempotency-Replayed': '`true` when this is the answer to an earlier request with the same key.',
      },
    },
  },
  problems: [
    'idempotency_key_invalid',
    'idempotency_key_reused',
    'no_recipient',
    'backlog_full',
    'encryption_key_missing',
  ],
};

export const LIST_POLLS: Operation = {
  id: 'listPolls',
  topic: TOPIC,
  summary: 'List your polls',
  description: 'Newest first.',
  scopes: ['read'],
  query: pollListQuery,
  answers: { 200: { description: 'A page.', schema: pollList } },
};

export const GET_POLL: Operation = {
  ...NAMED,
  id: 'getPoll',
  summary: 'Ask how a poll stands',
  answers: { 200: { description: 'With the votes that are counted at this moment.', schema: pollView } },
};

export const LIST_VOTES: Operation = {
  ...NAMED,
  id: 'listPollVotes',
  summary: 'List who chose what',
  description: 'Not of an anonymous poll.',
  query: voteListQuery,
  answers: { 200: { description: 'A page.', schema: voteList } },
  problems: ['conflict'],
};

export const EXPORT_POLL: Operation = {
  ...NAMED,
  id: 'exportPoll',
  summary: 'Read the results as a table',
  description:
    'CSV as RFC 4180 describes it, in UTF-8: a line for each person and a column for each choice; of an anonymous poll a line for each choice with its votes. ' +
    'What a spreadsheet would take for a formula has an apostrophe in front.',
  answers: { 200: { description: 'The table.', schema: z.string(), mediaType: CSV_TYPE } },
};

export const CLOSE_POLL: Operation = {
  ...NAMED,
  id: 'closePoll',
  summary: 'Close a poll now',
  description: 'It takes no more votes. It may be asked for again and again.',
  scopes: SEND_NOTIFICATION.scopes,
  answers: { 200: { description: 'With its results.', schema: pollView } },
};
