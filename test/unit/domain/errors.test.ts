// What an error carries, and the words for a failed delivery.

import { AppError, assertNever } from '../../../src/domain/errors.ts';
import { FAILURE_REASONS } from '../../../src/domain/failure-reason.ts';

test('an error carries its code, its faults, the wait and its cause', () => {
  const cause = new Error('disk');
  const faults = [{ pointer: '/to', detail: 'Expected a recipient' }];
  const error = new AppError('backlog_full', 'Too many', { cause, faults, retryAfterMs: 5, details: { limit: 1 } });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: 'backlog_full', cause, faults, retryAfterMs: 5, details: { limit: 1 } });
});

test('an error without more has no faults, no wait and no cause', () => {
  const error = new AppError('internal', 'Broken');
  expect(error).toMatchObject({ faults: [], details: {} });
  expect(error.retryAfterMs).toBeUndefined();
  expect('cause' in error).toBe(false);
});

test('a forgotten case of a union is an internal error', () => {
  const forgotten: unknown = 'new';
  expect(() => assertNever(forgotten as never)).toThrow(expect.objectContaining({ code: 'internal' }));
});

test.each(Object.entries(FAILURE_REASONS))('the reason %s is told in a whole sentence', (_, sentence) => {
  expect(sentence).toMatch(/^[A-Z].{15,}[.?]$/);
});
