// Why a dialog ended, or waits, where its state does not say it.

import { explainFailure } from './failure-reason.ts';

const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['cancelled_by_producer', 'The producer cancelled it.'],
  ['daily_digest', 'The person gets messages once a day; it begins then.'],
  ['muted', 'The person has muted surveys.'],
  ['opted_out', 'The person wants no messages.'],
  ['quiet_hours', 'The person has quiet hours; it begins when they are over.'],
  ['progress_lost', 'Where it stood could not be read; the answers until then are kept.'],
]);

/** The reason of a dialog that its producer cancelled. */
export const CANCELLED_BY_PRODUCER = 'cancelled_by_producer';

/** The sentence of a reason; a code that is not known stands for itself. */
export function explainDialogReason(code: string): string {
  return SENTENCES.get(code) ?? explainFailure(code);
}
