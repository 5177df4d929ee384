// Events of Azure Event Grid: without what only programs need, and with names instead of whole paths. Pure.

import type { DraftFact } from '../../domain/source.ts';

/** Members of `Microsoft.*` events that tell a person nothing. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set([
  ...['clientRequestId', 'requestId', 'eTag', 'sequencer', 'storageDiagnostics.batchId', 'correlationId', 'tenantId'],
  ...['subscriptionId', 'NBF', 'metadataVersion', 'dataVersion'],
]);

/** @see https://learn.microsoft.com/azure/event-grid/event-schema-key-vault: `EXP` is in seconds */
const EXPIRY = 'EXP';

/** The lines of an event; those of other senders stay as they are. */
export function tidyAzureFacts(type: string, facts: readonly DraftFact[]): readonly DraftFact[] {
  return type.startsWith('Microsoft.') ? facts.filter(({ name }) => !FOR_PROGRAMS.has(name)).map(tidy) : facts;
}

function tidy({ name, value }: DraftFact): DraftFact {
  const seconds = name === EXPIRY ? Number(value) : Number.NaN;
  if (seconds > 0 && seconds < MAX_SECONDS) {
    return { name: 'Expires', value: new Date(seconds * 1_000).toISOString().slice(0, 10) };
  }
  return { name, value: typeof value === 'string' ? resourceName(value) : value };
}

/** Of the year 2100. */
const MAX_SECONDS = 4_102_444_800;

/** `Microsoft.Web/sites/shop-api` of `/subscriptions/7c2f.../providers/Microsoft.Web/sites/shop-api` */
function resourceName(path: string): string {
  return /^\/subscriptions\//i.test(path) ? (path.split(/\/providers\//i).at(-1) ?? path) : path;
}
