// The list of every request that the sandbox's Connector received, in the order of arrival.

/** What a request to the Connector asks for. */
export const OPERATIONS = [
  'createConversation',
  'sendToConversation',
  'replyToActivity',
  'updateActivity',
  'deleteActivity',
  'getMembers',
  'getMember',
  'getPagedMembers',
  'getTeam',
  'getTeamChannels',
  'unknown',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface LedgerEntry {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly receivedAtMs: number;
  readonly operation: Operation;
  readonly conversationId?: string;
  /** 0 when no answer was given. */
  readonly status: number;
  /** The message that was posted, changed or removed. */
  readonly activityId?: string;
  /** The caller's `x-ms-client-request-id`. */
  readonly requestId?: string;
  /** Messages really posted, whatever was answered: 0, 1, or 2 where text and card were split. */
  readonly posted: number;
  /** The fault that spoiled the answer. */
  readonly faultId?: string;
}

/** Counts since the start, also of entries that are no longer kept. */
export interface LedgerCounts {
  readonly requests: number;
  readonly posted: number;
  readonly byStatus: Readonly<Record<number, number>>;
  readonly byOperation: Readonly<Partial<Record<Operation, number>>>;
}

/** Keeps the newest entries and counts all of them. */
export class Ledger {
  readonly #maxEntries: number;
  readonly #byStatus: Record<number, number> = {};
  readonly #byOperation: Partial<Record<Operation, number>> = {};
  #entries: LedgerEntry[] = [];
  #sequence = 0;
  #posted = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(request: Omit<LedgerEntry, 'sequence'>): LedgerEntry {
    const entry = { sequence: ++this.#sequence, ...request };
    this.#posted += entry.posted;
    this.#byStatus[entry.status] = (this.#byStatus[entry.status] ?? 0) + 1;
    this.#byOperation[entry.operation] = (this.#byOperation[entry.operation] ?? 0) + 1;
    this.#entries.push(entry);
    if (this.#entries.length > 2 * this.#maxEntries) {
      this.#entries = this.#newest();
    }
    return entry;
  }

  /** Entries after this sequence, as far as they are kept; oldest first. */
  since(sequence = 0): LedgerEntry[] {
    return this.#newest().filter((entry) => entry.sequence > sequence);
  }

  counts(): LedgerCounts {
    return {
      requests: this.#sequence,
      posted: this.#posted,
      byStatus: { ...this.#byStatus },
      byOperation: { ...this.#byOperation },
    };
  }

  #newest(): LedgerEntry[] {
    return this.#maxEntries === 0 ? [] : this.#entries.slice(-this.#maxEntries);
  }
}
