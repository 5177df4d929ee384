// What a delivery passes before its attempt begins: the circuit breaker of its host, and the budget of retries.

import type { Outcome } from '../domain/delivery.ts';
import { assertNever } from '../domain/errors.ts';
import { originOf } from '../domain/service-url.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { RetryBudget } from './retry-budget.ts';

/** What the gate reports to. */
export interface ConnectorGateDeps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'openCircuits'>;
}

/** What a claim leaves where it is, because the gate would not let it pass. */
export interface ClosedTo {
  /** `https://host`, lower case. */
  readonly origins: readonly string[];
  readonly isClosedToRetries: boolean;
}

/** What lets one delivery through: what came of each of its requests is recorded with it. */
export interface Pass {
  readonly serviceUrl: string;
  readonly isRetry: boolean;
  readonly isProbe: boolean;
  readonly admittedAtMs: number;
}

/** Lives as long as its process: each process finds out by itself, with a few requests, that a host is down. */
export class ConnectorGate {
  readonly #deps: ConnectorGateDeps;
  readonly #budget = new RetryBudget();
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(deps: ConnectorGateDeps) {
    this.#deps = deps;
  }

  closedTo(nowMs: number): ClosedTo {
    const closed = [...this.#breakers].filter(([, breaker]) => !breaker.hasRoom(nowMs));
    return { origins: closed.map(([origin]) => origin), isClosedToRetries: !this.#budget.hasRoom(nowMs) };
  }

  /** @returns undefined when the delivery has to wait; then nothing was counted */
  admit({ serviceUrl, isRetry }: Pick<Pass, 'serviceUrl' | 'isRetry'>, nowMs: number): Pass | undefined {
    if (isRetry && !this.#budget.hasRoom(nowMs)) {
      return undefined;
    }
    const breaker = this.#breakers.get(originOf(serviceUrl) ?? '');
    if (breaker?.admit(nowMs) === false) {
      return undefined;
    }
    isRetry ? this.#budget.takeRetry(nowMs) : this.#budget.countFirst(nowMs);
    return { serviceUrl, isRetry, isProbe: breaker?.isOpen ?? false, admittedAtMs: nowMs };
  }

  /** Counts what came of one request. A retry that got through, or did not go out, gives its place back. */
  record({ serviceUrl, isRetry, isProbe, admittedAtMs }: Pass, outcome: Outcome, nowMs: number): void {
    if (isRetry && (outcome.kind === 'delivered' || outcome.kind === 'postponed')) {
      this.#budget.giveBack(admittedAtMs);
    }
    const origin = originOf(serviceUrl) ?? '';
    const breaker = this.#breakers.get(origin) ?? new CircuitBreaker();
    this.#breakers.set(origin, breaker);
    if (isProbe && outcome.kind === 'postponed') {
      breaker.giveProbeBack(nowMs);
    }
    const isFailure = isHostFailure(outcome);
    if (isFailure === undefined) {
      return;
    }
    const wasOpen = breaker.isOpen;
    breaker.record(isFailure, nowMs);
    if (breaker.isOpen !== wasOpen) {
      this.#report(origin, breaker.isOpen);
    }
  }

  #report(origin: string, isOpen: boolean): void {
    const { logger, metrics } = this.#deps;
    metrics.openCircuits.set({ host: URL.parse(origin)?.host ?? '' }, isOpen ? 1 : 0);
    if (isOpen) {
      logger.error({ origin }, 'the Bot Connector does not answer: its deliveries wait, and it is probed');
    } else {
      logger.info({ origin }, 'the Bot Connector answers again: deliveries go on');
    }
  }
}

/** Whether the host is in trouble; any answer of the 4xx kind shows that it is well. Undefined: it was not asked. */
function isHostFailure(outcome: Outcome): boolean | undefined {
  switch (outcome.kind) {
    case 'unknown':
      return true;
    case 'transient':
      return outcome.reason === 'token_unavailable' ? undefined : outcome.reason === 'unreachable_host';
    case 'postponed':
      return undefined;
    case 'gone':
      return outcome.reason === 'untrusted_service_url' ? undefined : false;
    case 'delivered':
    case 'created':
    case 'edited':
    case 'removed':
    case 'missing':
    case 'throttled':
    case 'rejected':
    case 'tooLarge':
      return false;
    default:
      return assertNever(outcome);
  }
}
