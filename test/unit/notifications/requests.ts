// Requests as producers send them, and what is wrong with those that are refused.

import { AppError } from '../../../src/domain/errors.ts';
import { type NotificationRequest, parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';

export const SMALLEST = { to: 'ana@contoso.com', title: 'Deploy finished' } as const;

/** The smallest request with these fields. */
export function parse(fields: object): NotificationRequest {
  return parseNotificationRequest({ ...SMALLEST, ...fields });
}

/** The faults that a whole JSON value is refused with; none when it is taken. */
export function faultsOf(json: unknown): AppError['faults'] {
  try {
    parseNotificationRequest(json);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_request') {
      return error.faults;
    }
    throw error;
  }
}

/** The places at which the smallest request with these fields is wrong. */
export function pointersOf(fields: object): readonly string[] {
  return faultsOf({ ...SMALLEST, ...fields }).map(({ pointer }) => pointer);
}
