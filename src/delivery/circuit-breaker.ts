// Whether one host of the Connector is worth a request.
//
//   closed  requests go out; 5 failures in a row, or 10 among the last 20 requests, open it
//   open    nothing goes out but one probe every 30 s; a success allows the next probe at once, two in a row close it

const FAILURES_IN_A_ROW = 5;
const WINDOW = 20;
const FAILURES_IN_WINDOW = 10;
const SUCCESSES_TO_CLOSE = 2;
export const PROBE_INTERVAL_MS = 30_000;

/** Instants come from outside, so it holds no timer. */
export class CircuitBreaker {
  /** The last results; true is a failure. */
  #results: boolean[] = [];
  #failuresInARow = 0;
  #successesInARow = 0;
  #nextProbeAtMs: number | undefined;

  get isOpen(): boolean {
    return this.#nextProbeAtMs !== undefined;
  }

  /** Whether a request would be admitted; takes nothing. */
  hasRoom(nowMs: number): boolean {
    const probeAtMs = this.#nextProbeAtMs;
    // A probe further away than that was planned before the clock was set back.
    return probeAtMs === undefined || nowMs >= probeAtMs || probeAtMs - nowMs > PROBE_INTERVAL_MS;
  }

  /** @returns whether a request may be made; while it is open, that request is the probe */
  admit(nowMs: number): boolean {
    if (!this.hasRoom(nowMs)) {
      return false;
    }
    if (this.isOpen) {
      this.#nextProbeAtMs = nowMs + PROBE_INTERVAL_MS;
    }
    return true;
  }

  /** The probe that was admitted did not go out. */
  giveProbeBack(nowMs: number): void {
    if (this.isOpen) {
      this.#nextProbeAtMs = nowMs;
    }
  }

  /** Counts what came of a request, also of one that was under way when it opened. */
  record(isFailure: boolean, nowMs: number): void {
    this.#failuresInARow = isFailure ? this.#failuresInARow + 1 : 0;
    this.#successesInARow = isFailure ? 0 : this.#successesInARow + 1;
    if (this.isOpen) {
      this.#recordWhileOpen(isFailure, nowMs);
      return;
    }
    this.#results = [...this.#results, isFailure].slice(-WINDOW);
    const failures = this.#results.filter(Boolean).length;
    const isHalfFailing = this.#results.length === WINDOW && failures >= FAILURES_IN_WINDOW;
    if (this.#failuresInARow >= FAILURES_IN_A_ROW || isHalfFailing) {
      this.#nextProbeAtMs = nowMs + PROBE_INTERVAL_MS;
      this.#successesInARow = 0;
    }
  }

  #recordWhileOpen(isFailure: boolean, nowMs: number): void {
    if (isFailure) {
      this.#nextProbeAtMs = nowMs + PROBE_INTERVAL_MS;
    } else if (this.#successesInARow < SUCCESSES_TO_CLOSE) {
      this.#nextProbeAtMs = nowMs;
    } else {
      this.#nextProbeAtMs = undefined;
      this.#results = [];
    }
  }
}
