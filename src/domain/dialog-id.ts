// Public identifiers of dialogs: `dlg_` and a ULID, as notifications have them.

import { createNotificationId } from './notification-id.ts';

export type DialogId = `dlg_${string}`;

/** @param nowMs epoch milliseconds. @param randomBytes gives n random bytes */
export function createDialogId(nowMs: number, randomBytes: (size: number) => Uint8Array): DialogId {
  return `dlg_${createNotificationId(nowMs, randomBytes).slice('ntf_'.length)}`;
}

/** Whether something has the form of an id; not whether there is such a dialog. */
export function isDialogId(value: unknown): value is DialogId {
  return typeof value === 'string' && /^dlg_[0-9A-HJKMNP-TV-Z]{26}$/.test(value);
}
