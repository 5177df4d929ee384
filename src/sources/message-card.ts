// MessageCards, as the incoming webhooks of Office 365 connectors took them.

import type { Dialect } from '../domain/source.ts';
import { eventsOfTeamsMessage } from './teams/teams-message.ts';

/** @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const messageCard: Dialect = {
  name: 'message-card',
  title: 'MessageCard',
  body: 'json',
  // Its senders know an address and nothing else.
  auth: ['url', 'token'],
  // Some senders take everything but this for a failure.
  answer: { status: 200, contentType: 'text/plain', body: '1' },
  translate: ({ body }) => ({ kind: 'events', events: eventsOfTeamsMessage(body) }),
};
