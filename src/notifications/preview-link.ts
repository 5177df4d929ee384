// The address of a page that shows a card, with the card inside the address.

import { deflateRawSync } from 'node:zlib';

/** What is shown. */
export interface Previewed {
  readonly summary: string;
  /** An Adaptive Card. */
  readonly card: unknown;
}

/**
 * The card stands behind the `#`, deflated and in base64url. Browsers keep that part to themselves: it is in no request,
 * and in no log.
 *
 * @param publicUrl where the service is reached from outside; undefined gives the path alone
 */
export function toPreviewLink(publicUrl: string | undefined, { summary, card }: Previewed): string {
  const fragment = deflateRawSync(JSON.stringify({ summary, card })).toString('base64url');
  return `${publicUrl ?? ''}/preview#${fragment}`;
}
