// A reading of a roster under way, and one answer that it got.

import type { DueRoster } from '../store/statements/roster-readings.ts';
import type { Statements } from '../store/store.ts';
import type { BotVoice } from './bot-messages.ts';
import type { PlaceQuery } from './roster.ts';

/** A reading, with the conversation through which its place is asked about. */
export type Reading = DueRoster & PlaceQuery & { readonly botAccountId: string };

/** One answer, in the transaction that writes it down. */
export interface Written {
  readonly tx: Statements;
  readonly reading: Reading;
  readonly nowMs: number;
  /** When the question was asked. */
  readonly askedAtMs: number;
  /** In [0, 1). */
  readonly jitter: number;
  readonly voice: BotVoice;
  readonly welcomesMembers: boolean;
}
