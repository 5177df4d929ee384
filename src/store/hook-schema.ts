// The table of hooks, as kysely sees it.

import type { Generated } from 'kysely';
import type { HookAuthKind } from '../domain/source.ts';

/** An address to which one sender posts in its own dialect. */
export interface HookTable {
  id: Generated<number>;
  public_id: string;
  producer_id: number;
  name: string;
  dialect: string;
  auth: HookAuthKind;
  /** A digest where it only has to be recognised, sealed where it has to be read; null where there is none. */
  secret: string | null;
  /** The one before, good for a while beside the new one. */
  previous_secret: string | null;
  previous_secret_until_ms: number | null;
  /** JSON of HookSettings. */
  settings: string;
  created_at_ms: number;
  disabled_at_ms: number | null;
}
