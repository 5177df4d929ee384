// Public identifiers of notifications: `ntf_` and a ULID, so that they sort by time and cannot be guessed.

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARS = 10;
const RANDOM_BYTES = 16;

export type NotificationId = `ntf_${string}`;

/**
 * @param nowMs epoch milliseconds, < 2^48
 * @param randomBytes gives n random bytes; 16 are asked for, 5 bits of each are used (80 bits in all)
 */
export function createNotificationId(nowMs: number, randomBytes: (size: number) => Uint8Array): NotificationId {
  let time = '';
  for (let rest = nowMs, i = 0; i < TIME_CHARS; i++) {
    time = `${CROCKFORD[rest % 32]}${time}`;
    rest = Math.floor(rest / 32);
  }
  const random = Array.from(randomBytes(RANDOM_BYTES), (byte) => CROCKFORD[byte % 32]).join('');
  return `ntf_${time}${random}`;
}

/** Whether the text has the form of an id; not whether there is such a notification. */
export function isNotificationId(value: string): value is NotificationId {
  return /^ntf_[0-9A-HJKMNP-TV-Z]{26}$/.test(value);
}
