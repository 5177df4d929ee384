// The operations on status webhooks as they are described.

import { z } from 'zod';
import { webhookList, webhookView, webhookWithSecret } from '../callbacks/manage-webhooks.ts';
import { messageListQuery } from '../callbacks/message-query.ts';
import { messageList } from '../callbacks/webhook-messages.ts';
import { createWebhookSchemas } from '../callbacks/webhook-requests.ts';
import { describeFields, quantity } from '../domain/answer.ts';
import type { Operation } from './operation.ts';

/** Where webhooks may lead is for the operator to say; what requests look like does not depend on it. */
const schemas = createWebhookSchemas({ isLoopbackAllowed: false });
const registration = schemas.registration.meta({ id: 'WebhookRequest', description: 'Where you want to be told.' });
const change = schemas.change.meta({ id: 'WebhookChangeRequest', description: 'What is to be changed.' });
const rotation = schemas.rotation.meta({ id: 'RotationRequest', description: 'How a secret is exchanged.' });
const replay = schemas.replay.meta({ id: 'ReplayRequest', description: 'What is to be sent again.' });
const nothing = schemas.nothing.meta({ id: 'EmptyRequest', description: 'Nothing has to be said.' });

const FIELDS = {
  url: 'Where messages are posted.',
  events: 'What you want to be told; null for everything.',
  description: 'A note for yourself.',
} as const;
describeFields(registration, FIELDS);
describeFields(change, { ...FIELDS, isEnabled: 'Whether anything is sent to it.' });
describeFields(rotation, { keepPreviousFor: 'How long the secret before signs as well, up to P7D.' });
describeFields(replay, {
  since: 'Everything that happened from this instant on.',
  until: 'Before this instant; now when absent.',
});

const OF_WEBHOOKS = { topic: 'Webhooks', scopes: ['manage'] } as const;
const NAMED = { ...OF_WEBHOOKS, path: { id: 'Id of the webhook: `whe_...`.' } } as const;
const queuedMessage = z
  .object({ message: z.string().describe('Its id: the `webhook-id` of every attempt.') })
  .meta({ id: 'QueuedMessage', description: 'A message that will be sent.' });

export const REGISTER_WEBHOOK: Operation = {
  ...OF_WEBHOOKS,
  id: 'registerWebhook',
  summary: 'Register a webhook',
  description: 'Messages are signed as Standard Webhooks says. The secret is shown this once.',
  request: { schema: registration, example: { url: 'https://ci.example.com/bellhop', events: ['delivery.failed'] } },
  answers: {
    201: { description: 'It is registered.', schema: webhookWithSecret, headers: { Location: 'Where it is.' } },
  },
  problems: ['conflict', 'encryption_key_missing'],
};

export const LIST_WEBHOOKS: Operation = {
  ...OF_WEBHOOKS,
  id: 'listWebhooks',
  summary: 'List your webhooks',
  answers: { 200: { description: 'All of them.', schema: webhookList } },
};

export const GET_WEBHOOK: Operation = {
  ...NAMED,
  id: 'getWebhook',
  summary: 'Ask how a webhook is',
  answers: { 200: { description: 'The webhook.', schema: webhookView } },
};

export const CHANGE_WEBHOOK: Operation = {
  ...NAMED,
  id: 'changeWebhook',
  summary: 'Change a webhook',
  request: { schema: change, isOptional: true, example: { isEnabled: true } },
  answers: { 200: { description: 'As it is now.', schema: webhookView } },
  problems: ['conflict'],
};

export const REMOVE_WEBHOOK: Operation = {
  ...NAMED,
  id: 'removeWebhook',
  summary: 'Remove a webhook',
  answers: { 204: { description: 'It is removed.' } },
};

export const ROTATE_SECRET: Operation = {
  ...NAMED,
  id: 'rotateWebhookSecret',
  summary: 'Exchange the secret of a webhook',
  description: 'Both secrets sign for a while, so that the receiver can change its own in peace.',
  request: { schema: rotation, isOptional: true, example: { keepPreviousFor: 'PT12H' } },
  answers: { 200: { description: 'With the new secret, which is shown this once.', schema: webhookWithSecret } },
  problems: ['encryption_key_missing'],
};

export const TEST_WEBHOOK: Operation = {
  ...NAMED,
  id: 'testWebhook',
  summary: 'Send a test message to a webhook',
  request: { schema: nothing, isOptional: true, example: {} },
  answers: { 202: { description: 'It is queued.', schema: queuedMessage } },
  problems: ['conflict'],
};

export const REPLAY_WEBHOOK: Operation = {
  ...NAMED,
  id: 'replayWebhook',
  summary: 'Send again all that happened in a time',
  description: 'Whoever has a message already knows it by its id.',
  request: { schema: replay, isOptional: true, example: { since: '2026-01-31T08:00:00Z' } },
  answers: {
    202: {
      description: 'They are queued.',
      schema: z.object({ queued: quantity }).meta({ id: 'Replayed', description: 'How many messages will be sent.' }),
    },
  },
  problems: ['conflict'],
};

export const LIST_MESSAGES: Operation = {
  ...NAMED,
  id: 'listWebhookMessages',
  summary: 'List the messages of a webhook',
  description: 'Newest first.',
  query: messageListQuery,
  answers: { 200: { description: 'A page.', schema: messageList } },
};

export const RESEND_MESSAGE: Operation = {
  ...NAMED,
  id: 'resendWebhookMessage',
  summary: 'Send a message again',
  path: { ...NAMED.path, message: 'Id of the message: `evt_...`.' },
  request: { schema: nothing, isOptional: true, example: {} },
  answers: { 202: { description: 'It is queued.', schema: queuedMessage } },
  problems: ['conflict'],
};
