// The operations on status webhooks as they are described.

import {
  messageList,
  messageQuery,
  queuedMessage,
  replayedEvents,
  webhookList,
  webhookView,
  webhookWithSecret,
} from '../callbacks/webhook-answers.ts';
import { createWebhookSchemas } from '../callbacks/webhook-requests.ts';
import type { Operation } from './operation.ts';

const SCHEMAS = createWebhookSchemas({ isLoopbackAllowed: false });

const TOPIC = { topic: 'Status webhooks', scopes: ['manage'] } as const;
const NAMED = { ...TOPIC, path: { id: 'Id of the webhook: `whe_...`.' } } as const;
const NOTHING = { schema: SCHEMAS.nothing, isOptional: true, example: {} } as const;
const SECRET = { Location: 'Where it is.' };

export const REGISTER_WEBHOOK: Operation = {
  ...TOPIC,
  id: 'registerWebhook',
  summary: 'Be told what becomes of your notifications',
  description: 'Messages are signed as Standard Webhooks describes. A producer has ten webhooks at the most.',
  request: {
    schema: SCHEMAS.registration,
    example: { url: 'https://ci.example.com/bellhop', events: ['delivery.failed', 'notification.resolved'] },
  },
  answers: { 201: { description: 'With its secret.', schema: webhookWithSecret, headers: SECRET } },
  problems: ['conflict', 'encryption_key_missing'],
};

export const LIST_WEBHOOKS: Operation = {
  ...TOPIC,
  id: 'listWebhooks',
  summary: 'List your webhooks',
  answers: { 200: { description: 'All of them.', schema: webhookList } },
};

export const GET_WEBHOOK: Operation = {
  ...NAMED,
  id: 'getWebhook',
  summary: 'See a webhook',
  answers: { 200: { description: 'How it stands.', schema: webhookView } },
};

export const CHANGE_WEBHOOK: Operation = {
  ...NAMED,
  id: 'changeWebhook',
  summary: 'Change, disable or enable a webhook',
  request: { schema: SCHEMAS.change, example: { isEnabled: false } },
  answers: { 200: { description: 'As it is now.', schema: webhookView } },
  problems: ['conflict'],
};

export const REMOVE_WEBHOOK: Operation = {
  ...NAMED,
  id: 'removeWebhook',
  summary: 'Remove a webhook',
  description: 'Nothing more is sent to it.',
  answers: { 204: { description: 'It is gone.' } },
};

export const ROTATE_SECRET: Operation = {
  ...NAMED,
  id: 'rotateSecret',
  summary: 'Exchange the secret of a webhook',
  description: 'For a while, a day when nothing else is said, both secrets sign, so that no message is refused.',
  request: { schema: SCHEMAS.rotation, isOptional: true, example: { keepPreviousFor: 'PT12H' } },
  answers: { 200: { description: 'With its new secret.', schema: webhookWithSecret } },
  problems: ['encryption_key_missing'],
};

export const TEST_WEBHOOK: Operation = {
  ...NAMED,
  id: 'testWebhook',
  summary: 'Send a test to a webhook',
  request: NOTHING,
  answers: { 202: { description: 'It is on its way.', schema: queuedMessage } },
  problems: ['conflict'],
};

export const REPLAY_WEBHOOK: Operation = {
  ...NAMED,
  id: 'replayWebhook',
  summary: 'Be told again what happened in a time',
  description: 'Under the same ids: who has a message already knows it by its `webhook-id`.',
  request: { schema: SCHEMAS.replay, example: { since: '2026-01-31T08:00:00Z' } },
  answers: { 202: { description: 'How much that is.', schema: replayedEvents } },
  problems: ['conflict'],
};

export const LIST_MESSAGES: Operation = {
  ...NAMED,
  id: 'listWebhookMessages',
  summary: 'List what was sent to a webhook',
  description: 'Newest first; `failed` are those that nobody took after all attempts.',
  query: messageQuery,
  answers: { 200: { description: 'A page.', schema: messageList } },
};

export const RESEND_MESSAGE: Operation = {
  ...NAMED,
  id: 'resendWebhookMessage',
  summary: 'Send a message to a webhook again',
  path: { ...NAMED.path, message: 'Id of the message: `evt_...`.' },
  request: NOTHING,
  answers: { 202: { description: 'It is on its way.', schema: queuedMessage } },
  problems: ['conflict'],
};
