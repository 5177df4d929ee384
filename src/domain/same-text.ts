// Comparing what must not be guessed. Pure.

import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal; takes the same time wherever they differ. */
export function isSameText(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
