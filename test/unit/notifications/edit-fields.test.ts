// What an edit may hold beside a new text: how that is meant.

import { editRequest } from '../../../src/notifications/change-notification.ts';

test('an edit may say how its text is meant, and nothing else than plain or markdown', () => {
  expect(editRequest.parse({ text: '**x**', textFormat: 'markdown' })).toEqual({
    text: '**x**',
    textFormat: 'markdown',
  });
  expect(editRequest.parse({ text: 'x' })).toEqual({ text: 'x' });
  expect(editRequest.safeParse({ textFormat: 'html' }).success).toBe(false);
});
