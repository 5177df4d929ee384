// What two transactions must not do at the same time, where a unique key or a row cannot keep them apart.

/**
 * Locks by name, and of rows that are read before they are changed. On SQLite one process writes one transaction after the other, so there they do nothing.
 */
export interface Locks {
  /** Waits until nobody else has or shares it; kept until the transaction ends. */
  take(name: string): Promise<void>;
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
 * Taken by whoever erases old data: of several processes one does it. Shared by whoever needs old content again: what
 * was decided about it holds until it is done.
 */
export const RETENTION_LOCK = 'retention';

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
