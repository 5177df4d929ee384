// The operations on notifications as they are described.

import { z } from 'zod';
import { acceptedChange, editRequest } from '../notifications/change-notification.ts';
import { notificationRequests } from '../notifications/describe-request.ts';
import { dryRunAnswer } from '../notifications/dry-run.ts';
import { deliveryList, deliveryListQuery } from '../notifications/list-deliveries.ts';
import { notificationList, notificationListQuery } from '../notifications/list-notifications.ts';
import { responseList, responseListQuery } from '../notifications/list-responses.ts';
import { notificationStatus } from '../notifications/notification-status.ts';

import { acceptedNotification } from '../notifications/store-notification.ts';
import type { Operation } from './operation.ts';
import { sendQuery, statusQuery } from './send-query.ts';

const TOPIC = 'Notifications';
const NOTIFICATION = { id: 'Id of the notification: `ntf_...`.' };

export const SEND_NOTIFICATION: Operation = {
  id: 'sendNotification',
  topic: TOPIC,
  summary: 'Send a notification',
  description:
    'The answer comes when everything is on disk: from then on nothing of it is lost. ' +
    'With an `Idempotency-Key` a request may be repeated: the retry gets the first answer and makes no second message. ' +
    'The scope `send` is for single people, `broadcast` for `everyone`, `cards` beside them for a card of your own.',
  scopes: ['send', 'broadcast'],
  query: sendQuery,
  headers: z.object({
    'Idempotency-Key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe(
        'Your name for this one event. It is remembered for three days; the same key with other content is refused.',
      ),
  }),
  request: {
    schema: notificationRequests,
    example: {
      to: ['ana@contoso.com'],
      title: 'Disk almost full',
      text: 'db1 has 4 % left.',
      severity: 'warning',
      facts: [{ name: 'Host', value: 'db1' }],
      links: [{ title: 'Dashboard', url: 'https://grafana.example.com/d/disk' }],
    },
  },
  answers: {
    200: { description: 'With `dry_run=true`: what it would be and do.', schema: dryRunAnswer },
    202: {
      description: 'It is on disk. Who cannot be reached is listed with the reason.',
      schema: acceptedNotification,
      headers: {
        Location: 'Where to ask what became of it.',
        'Idempotency-Replayed': '`true` when this is the answer to an earlier request with the same key.',
      },
    },
  },
  variant: {
    id: 'tryNotification',
    summary: 'Tell what a notification would be and do, without storing or sending it',
    query: { dry_run: 'true' },
    status: 200,
  },
  problems: ['idempotency_key_invalid', 'idempotency_key_reused', 'no_recipient', 'backlog_full'],
};

export const GET_NOTIFICATION: Operation = {
  id: 'getNotification',
  topic: TOPIC,
  summary: 'Ask what became of a notification',
  scopes: ['read'],
  path: NOTIFICATION,
  query: statusQuery,
  answers: { 200: { description: 'What is known of it.', schema: notificationStatus } },
};

export const LIST_NOTIFICATIONS: Operation = {
  id: 'listNotifications',
  topic: TOPIC,
  summary: 'List your notifications',
  description: 'Newest first.',
  scopes: ['read'],
  query: notificationListQuery,
  answers: { 200: { description: 'A page.', schema: notificationList } },
};

export const LIST_DELIVERIES_OF: Operation = {
  id: 'listDeliveriesOfNotification',
  topic: TOPIC,
  summary: 'List the deliveries of a notification',
  description: 'Each recipient with every attempt, in the order of the ids.',
  scopes: ['read'],
  path: NOTIFICATION,
  query: deliveryListQuery,
  answers: { 200: { description: 'A page.', schema: deliveryList } },
};

export const LIST_RESPONSES_TO: Operation = {
  id: 'listResponsesToNotification',
  topic: TOPIC,
  summary: 'List what people answered to a notification',
  description: 'In the order in which it came. Empty where nothing is asked.',
  scopes: ['read'],
  path: NOTIFICATION,
  query: responseListQuery,
  answers: { 200: { description: 'A page.', schema: responseList } },
};

const CHANGED = {
  202: { description: 'It is written down, and carried to the chats from there.', schema: acceptedChange },
};

export const EDIT_NOTIFICATION: Operation = {
  id: 'editNotification',
  topic: TOPIC,
  summary: 'Edit a notification',
  description:
    'In every chat that shows it, and for everybody who has not got it yet. The same edit once more changes nothing.',
  scopes: ['send', 'broadcast'],
  path: NOTIFICATION,
  request: { schema: editRequest, example: { title: 'Deploy failed', severity: 'error' } },
  answers: CHANGED,
  problems: ['recalled', 'replaced'],
};

export const RECALL_NOTIFICATION: Operation = {
  id: 'recallNotification',
  topic: TOPIC,
  summary: 'Recall a notification',
  description:
    'Takes the message out of every chat; what has not gone out never does. It may be asked for again and again.',
  scopes: ['send', 'broadcast'],
  path: NOTIFICATION,
  answers: CHANGED,
  problems: ['replaced'],
};
