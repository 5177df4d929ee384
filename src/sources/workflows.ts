// Messages with Adaptive Cards, as the webhooks of Power Automate's workflows take them.

import type { Dialect } from '../domain/source.ts';
import { eventsOfTeamsMessage } from './teams/teams-message.ts';

/** @see https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook */
export const workflows: Dialect = {
  name: 'workflows',
  title: 'Workflows',
  body: 'json',
  // Its senders know an address and nothing else.
  auth: ['url', 'token'],
  answer: { status: 202, contentType: 'text/plain', body: '' },
  translate: ({ body }) => ({ kind: 'events', events: eventsOfTeamsMessage(body) }),
};
