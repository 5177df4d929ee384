// The list of what did not arrive, a page at a time.

import type { UndeliveredFilter, UndeliveredPlace, UndeliveredRow } from './statements/undelivered.ts';
import type { Statements } from './store.ts';

/**
 * No page looks at more deliveries than this. Whose they are and why they ended is in no index, so a producer with
 * one failure among a million of others' would otherwise hold everybody up.
 */
const MAX_LOOKED_AT = 5_000;

/** A page of the list. */
export interface UndeliveredPage {
  readonly rows: readonly UndeliveredRow[];
  /** Where the next page begins; undefined when the list has ended. */
  readonly next: UndeliveredPlace | undefined;
}

/** Newest first. A page may hold fewer than `limit`, even none, and still not be the last one. */
export async function readUndeliveredPage(
  statements: Statements,
  filter: UndeliveredFilter,
  { after, limit }: { readonly after: UndeliveredPlace | undefined; readonly limit: number },
): Promise<UndeliveredPage> {
  const end = await statements.undelivered.findPlace(filter, after, MAX_LOOKED_AT);
  const found = await statements.undelivered.list(filter, { after, end }, limit + 1);
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? rows.at(-1) : end };
}
