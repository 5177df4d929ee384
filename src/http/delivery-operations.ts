// The operations on deliveries as they are described.

import { z } from 'zod';
import { cancelledAnswer, cancelledNotificationAnswer } from '../delivery/cancel.ts';
import { redelivery, withdrawal } from '../delivery/producer-operations.ts';
import { redeliveredAnswer } from '../delivery/redeliver.ts';
import { undeliveredList, undeliveredQuery } from '../notifications/list-undelivered.ts';
import type { Operation } from './operation.ts';

const TOPIC = 'Deliveries';
const NOTIFICATION = { id: 'Id of the notification: `ntf_...`.' };
const DELIVERY = { id: 'Id of the delivery: `dlv_...`.' };

const named = { id: z.string().describe('What was named.') };
const redelivered = redeliveredAnswer
  .extend(named)
  .meta({ id: 'Redelivered', description: 'What became of deliveries that were sent again.' });
const cancelled = cancelledAnswer
  .extend(named)
  .meta({ id: 'Cancelled', description: 'What became of a delivery that was withdrawn.' });
const cancelledNotification = cancelledNotificationAnswer
  .extend(named)
  .meta({ id: 'CancelledNotification', description: 'What became of a notification that was withdrawn.' });

const AGAIN = {
  topic: TOPIC,
  description: 'May be repeated: what is queued, on its way, sent or cancelled is left as it is.',
  scopes: ['send'],
  request: { schema: redelivery, isOptional: true, example: { ttl: 'PT2H' } },
  answers: { 200: { description: 'What became of the deliveries that were meant.', schema: redelivered } },
} as const;

const WITHDRAWAL = {
  topic: TOPIC,
  scopes: ['send'],
  request: { schema: withdrawal, isOptional: true, example: {} },
} as const;

export const LIST_UNDELIVERED: Operation = {
  id: 'listUndelivered',
  topic: TOPIC,
  summary: 'List what did not arrive',
  description: 'Deliveries that are failed, held or expired, newest first.',
  scopes: ['read'],
  query: undeliveredQuery,
  answers: { 200: { description: 'A page.', schema: undeliveredList } },
  problems: ['not_found'],
};

export const REDELIVER_NOTIFICATION: Operation = {
  ...AGAIN,
  id: 'redeliverNotification',
  summary: 'Send again what did not arrive of a notification',
  path: NOTIFICATION,
};

export const REDELIVER_DELIVERY: Operation = {
  ...AGAIN,
  id: 'redeliverDelivery',
  summary: 'Send one delivery again',
  path: DELIVERY,
};

export const CANCEL_NOTIFICATION: Operation = {
  ...WITHDRAWAL,
  id: 'cancelNotification',
  summary: 'Withdraw what has not gone out of a notification',
  description: 'A broadcast reaches nobody else. What is on its way ends by itself.',
  path: NOTIFICATION,
  answers: { 200: { description: 'What became of its deliveries.', schema: cancelledNotification } },
};

export const CANCEL_DELIVERY: Operation = {
  ...WITHDRAWAL,
  id: 'cancelDelivery',
  summary: 'Withdraw one delivery',
  path: DELIVERY,
  answers: { 200: { description: 'Whether it was still there to be withdrawn.', schema: cancelled } },
};
