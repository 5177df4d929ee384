// What producers can be told of: things that happened to their notifications.

/**
 * All of them. Those of deliveries are written by the database itself, as `delivery.` and the new state, whatever
 * statement changed it.
 */
export const STATUS_EVENT_TYPES = [
  'notification.accepted',
  'notification.resolved',
  'notification.recalled',
  'notification.acknowledged',
  'notification.responded',
  'notification.decided',
  'notification.escalated',
  'poll.closed',
  'dialog.ended',
  'delivery.sent',
  'delivery.failed',
  'delivery.held',
  'delivery.expired',
  'delivery.suppressed',
] as const;
export type StatusEventType = (typeof STATUS_EVENT_TYPES)[number];

/** Sent on demand, to one webhook only. */
export const TEST_EVENT_TYPE = 'webhook.test';
