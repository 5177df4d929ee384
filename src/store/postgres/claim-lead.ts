// How far ahead of a claim its first slot lies: slots that begin at "now" are missed by as long as the claim takes.

const FACTOR = 1.5;
const MIN_LEAD_MS = 10;
const MAX_LEAD_MS = 300;
/** What the newest claim counts for beside those before it. */
const WEIGHT = 0.25;

/** Learns from the claims of one process. */
export class ClaimLead {
  readonly #elapsedMs: () => number;
  #usualMs: number | undefined;

  /** @param elapsedMs milliseconds since any fixed moment, never set by anybody */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** In [10, 300]. */
  get ms(): number {
    return Math.min(MAX_LEAD_MS, Math.max(MIN_LEAD_MS, Math.ceil(FACTOR * (this.#usualMs ?? 0))));
  }

  /** Runs a claim with the lead that it should have, and remembers how long it took. */
  async measure<T>(claim: (leadMs: number) => Promise<T>): Promise<T> {
    const startMs = this.#elapsedMs();
    const result = await claim(this.ms);
    const tookMs = this.#elapsedMs() - startMs;
    this.#usualMs = this.#usualMs === undefined ? tookMs : this.#usualMs + WEIGHT * (tookMs - this.#usualMs);
    return result;
  }
}

/** What a claim asks; a test may answer with a lead of its own. */
export type Lead = Pick<ClaimLead, 'measure'>;
