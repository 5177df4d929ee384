// What webhooks are told.

import { parseMessageId, toMessageBody, toMessageId } from '../../../src/callbacks/message-body.ts';
import type { MessageEvent } from '../../../src/store/statements/message-events.ts';

const EVENT: MessageEvent = {
  publicId: 'ab'.repeat(16),
  type: 'delivery.failed',
  notificationPublicId: 'ntf_1',
  key: 'disk/db1',
  deliveryId: 7,
  recipient: 'ana@contoso.com',
  reason: 'blocked_by_user',
  atMs: Date.UTC(2026, 0, 1),
};
const bodyOf = (change: Partial<MessageEvent>) => JSON.parse(toMessageBody({ ...EVENT, ...change }, 'whe_1'));

test('a delivery is told with its notification, its recipient, its state and the reason in words', () => {
  expect(bodyOf({})).toEqual({
    type: 'delivery.failed',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: {
      notification: 'ntf_1',
      key: 'disk/db1',
      delivery: 'dlv_7',
      recipient: 'ana@contoso.com',
      state: 'failed',
      reason: { code: 'blocked_by_user', detail: expect.stringContaining('blocked the bot') },
    },
  });
});

test('what is not known, or not known any more, is null', () => {
  expect(bodyOf({ type: 'delivery.sent', key: null, recipient: null, reason: null }).data).toEqual({
    notification: 'ntf_1',
    key: null,
    delivery: 'dlv_7',
    recipient: null,
    state: 'sent',
    reason: null,
  });
});

test('a notification is told by its id and key alone, and a test names the webhook', () => {
  const notification = { type: 'notification.accepted', deliveryId: null, recipient: null, reason: null };
  expect(bodyOf(notification).data).toEqual({ notification: 'ntf_1', key: 'disk/db1' });
  expect(bodyOf({ ...notification, type: 'webhook.test' }).data).toEqual({ webhook: 'whe_1' });
});

test('the id of a message leads back to its event', () => {
  expect(parseMessageId(toMessageId(EVENT.publicId))).toBe(EVENT.publicId);
  for (const text of ['', EVENT.publicId, 'evt_1', `evt_${EVENT.publicId.toUpperCase()}`]) {
    expect(parseMessageId(text)).toBeUndefined();
  }
});
