// What two transactions must not do at the same time, where a unique key or a row cannot keep them apart.

/**
 * Locks by name, and of rows that are read before they are changed. On SQLite one process writes one transaction after the other, so there they do nothing.
 */
export interface Locks {
  /** Waits until nobody else has or shares it; kept until the transaction ends. */
  take(name: string): Promise<void>;
  /** Takes it when nobody has or shares it at this moment. @returns whether it was taken */
  tryTake(name: string): Promise<boolean>;
  /** Waits until nobody has taken it; many may share it. Kept until the transaction ends. */
  share(name: string): Promise<void>;
  /** Waits until nobody is changing these deliveries; nobody claims or changes them until the transaction ends. */
  holdDeliveries(ids: readonly number[]): Promise<void>;
}

/**
 * Shared by whoever stores how somebody is named, taken by whoever erases: an erasure that did not see what is being
 * stored would leave a name behind.
 */
export const NAMES_LOCK = 'names';

/**
 * Taken by whoever makes somebody known, shared by whoever forgets a person for good: a page of a roster that did not see
 * that would bring them back.
 */
export const PEOPLE_LOCK = 'people';

/**
 * Taken by whoever erases old data: of several processes one does it. Shared by whoever needs old content again: what
 * was decided about it holds until it is done.
 */
export const RETENTION_LOCK = 'retention';

/** Taken by whoever edits or recalls a notification, or counts an answer to it: what was read holds until it is done. */
export function changesLock(notificationId: number): string {
  return `changes of ${notificationId}`;
}

/** Taken by whoever takes in an event of a key, changes what the newest one said, or forgets what was kept of it. */
export function lifecycleLock({ producerId, key }: { readonly producerId: number; readonly key: string }): string {
  return `lifecycle ${producerId} ${key}`;
}

/** Taken by whoever registers a webhook, or reads its secret to change it: what was read holds until the change is made. */
export function webhooksLock(producerId: number): string {
  return `webhooks of producer ${producerId}`;
}

/** Taken by whoever adds a hook, or reads one to change it: what was read holds until the change is made. */
export function hooksLock(producerId: number): string {
  return `hooks of producer ${producerId}`;
}

/**
 * Shared by whoever votes, taken by whoever closes the poll: a vote counts before, or comes too late. Whoever has its
 * cards show the votes sees by it whether one is being counted.
 *
 * @param publicId of the poll
 */
export function pollLock(publicId: string): string {
  return `poll ${publicId}`;
}

/** Taken by whoever records that the app was installed or removed, or that somebody was seen. @param digest of the installation */
export function installationLock(digest: string): string {
  return `installation ${digest}`;
}

/** Taken by whoever changes what somebody has said of themselves: what was read holds until the change is made. */
export function preferencesLock(personId: number): string {
  return `preferences of person ${personId}`;
}

/** Taken by whoever begins, answers or ends a dialog of somebody: of two presses at the same time one is the answer. */
export function dialogsLock(personId: number): string {
  return `dialogs of person ${personId}`;
}

/**
 * Shared by whoever presses a button in a team or group chat, taken by whoever takes note that the app was removed there: what
 * was known of the place holds until the other is done.
 *
 * @param digest of the installation
 */
export function presenceLock(digest: string): string {
  return `presence ${digest}`;
}

/** Taken by whoever reminds people of what a notification asks, or asks others: of several processes one does it. */
export function askLock(notificationId: number): string {
  return `ask of notification ${notificationId}`;
}
