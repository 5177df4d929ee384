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
  dialogPublicId: null,
  dialog: null,
  person: null,
  action: null,
  input: null,
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

test('the end of a dialog is told with its answers, and without what is not kept any more', () => {
  const ended = {
    ...{ type: 'dialog.ended', notificationPublicId: null, key: null, deliveryId: null, recipient: null },
    ...{ dialogPublicId: 'dlg_1', reason: 'cancelled_by_producer' },
  };
  const dialog = { title: 'Lunch', state: 'cancelled', person: '29:ana', answers: { good: 'Yes', why: null } } as const;
  const reason = { code: 'cancelled_by_producer', detail: 'The producer cancelled it.' };
  expect(bodyOf({ ...ended, dialog }).data).toEqual({ dialog: 'dlg_1', ...dialog, reason });
  expect(bodyOf({ ...ended, reason: null, dialog: null }).data).toEqual({
    ...{ dialog: 'dlg_1', title: null, state: null, person: null, reason: null, answers: {} },
  });
});

test('the id of a message leads back to its event', () => {
  expect(parseMessageId(toMessageId(EVENT.publicId))).toBe(EVENT.publicId);
  for (const text of ['', EVENT.publicId, 'evt_1', `evt_${EVENT.publicId.toUpperCase()}`]) {
    expect(parseMessageId(text)).toBeUndefined();
  }
});

describe('an answer', () => {
  const answer = { deliveryId: null, recipient: null, reason: null, key: null };
  const ana = { name: 'Ana', email: 'ana@contoso.com', aadObjectId: null };

  test('is told with who gave it, and what they entered', () => {
    const responded = { ...answer, type: 'notification.responded', action: 'later', input: '"at noon"' };
    const about = { notification: 'ntf_1', key: null };
    const person = { name: 'Ana', email: 'ana@contoso.com' };
    expect(bodyOf({ ...responded, person: ana }).data).toEqual({ ...about, person, action: 'later', input: 'at noon' });
    expect(bodyOf({ ...responded, input: null }).data).toEqual({
      ...about,
      person: null,
      action: 'later',
      input: null,
    });
  });

  test('that acknowledges or decides tells no more than that', () => {
    const about = { notification: 'ntf_1', key: null, person: { name: 'Ana', email: 'ana@contoso.com' } };
    const acknowledged = { ...answer, type: 'notification.acknowledged', action: ':acknowledge', person: ana };
    expect(bodyOf(acknowledged).data).toEqual(about);
    const decided = { ...answer, type: 'notification.decided', action: 'approve', person: ana };
    expect(bodyOf(decided).data).toEqual({ ...about, action: 'approve' });
  });
});
