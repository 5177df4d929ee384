// What an edit or a recall means for one delivery, row by row.

import { DELIVERY_STATES, MESSAGE_OPERATIONS } from '../../../src/domain/delivery.ts';
import { type Changeable, type ChangeStep, decideChange } from '../../../src/domain/message-change.ts';

const POSTING = { operation: 'post', isShown: false } as const;
const EDITING = { operation: 'update', isShown: true } as const;
const RECALLING = { operation: 'delete', isShown: true } as const;

test.each<[Changeable, ChangeStep, ChangeStep]>([
  [{ state: 'queued', ...POSTING }, 'leave', 'cancel'],
  [{ state: 'leased', ...POSTING }, 'give_back', 'cancel'],
  [{ state: 'sending', ...POSTING }, 'later', 'later'],
  [{ state: 'sent', ...POSTING, isShown: true }, 'queue', 'queue'],
  [{ state: 'sent', ...POSTING }, 'leave', 'leave'],
  [{ state: 'failed', ...POSTING }, 'leave', 'cancel'],
  [{ state: 'expired', ...POSTING }, 'leave', 'cancel'],
  [{ state: 'held', ...POSTING }, 'leave', 'cancel'],
  [{ state: 'queued', ...EDITING }, 'leave', 'queue'],
  [{ state: 'leased', ...EDITING }, 'queue', 'queue'],
  [{ state: 'sending', ...EDITING }, 'later', 'later'],
  [{ state: 'failed', ...EDITING }, 'queue', 'queue'],
  [{ state: 'queued', ...RECALLING }, 'queue', 'leave'],
  [{ state: 'cancelled', ...POSTING }, 'leave', 'leave'],
  [{ state: 'superseded', ...POSTING }, 'leave', 'leave'],
  [{ state: 'recalled', operation: 'delete', isShown: false }, 'leave', 'leave'],
])('%j: an edit means %s, a recall %s', (delivery, edit, recall) => {
  expect([decideChange('update', delivery), decideChange('delete', delivery)]).toEqual([edit, recall]);
});

test('after a recall nothing is left that could go out or stay, but what is on its way', () => {
  for (const state of DELIVERY_STATES) {
    for (const operation of MESSAGE_OPERATIONS) {
      for (const isShown of [true, false]) {
        const step = decideChange('delete', { state, operation, isShown });
        const isOver = ['cancelled', 'superseded', 'recalled', 'suppressed'].includes(state);
        const isLeft = step === 'leave' && !isOver && operation !== 'delete' && (isShown || state !== 'sent');
        expect([state, operation, isShown, isLeft]).toEqual([state, operation, isShown, false]);
      }
    }
  }
});
