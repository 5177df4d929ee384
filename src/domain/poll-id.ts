// Public identifiers of polls: `pol_` and a ULID, as notifications have them.

import { createNotificationId } from './notification-id.ts';

export type PollId = `pol_${string}`;

/** @param nowMs epoch milliseconds. @param randomBytes gives n random bytes */
export function createPollId(nowMs: number, randomBytes: (size: number) => Uint8Array): PollId {
  return `pol_${createNotificationId(nowMs, randomBytes).slice('ntf_'.length)}`;
}

/** Whether something has the form of an id; not whether there is such a poll. */
export function isPollId(value: unknown): value is PollId {
  return typeof value === 'string' && /^pol_[0-9A-HJKMNP-TV-Z]{26}$/.test(value);
}
