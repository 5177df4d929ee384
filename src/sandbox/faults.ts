// Faults on request: what goes wrong, where, and how often.

import { AppError } from '../domain/errors.ts';
import { type ConnectorErrorName, isConnectorErrorName } from './connector-errors.ts';
import { isRecord } from './exchange.ts';
import { OPERATIONS, type Operation } from './ledger.ts';

export const FAULT_TARGETS = ['connector', 'token', 'metadata', 'keys'] as const;
export type FaultTarget = (typeof FAULT_TARGETS)[number];

/** What the caller gets in the place of a proper answer. */
export type FaultAnswer =
  /** A documented error; `retryAfter` is sent as it stands, so it may be a date, absurd or garbage. */
  | { readonly kind: 'error'; readonly name: ConnectorErrorName; readonly retryAfter?: string }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly retryAfter?: string }
  /** What Entra ID answers to a wrong secret. */
  | { readonly kind: 'invalidClient' }
  /** The connection is torn down. */
  | { readonly kind: 'reset' }
  /** Nothing at all, until the caller gives up. */
  | { readonly kind: 'hang' }
  /** The proper answer, after a while. */
  | { readonly kind: 'late'; readonly delayMs: number }
  /** The proper answer, byte by byte. */
  | { readonly kind: 'slowBody'; readonly byteDelayMs: number }
  /** 200 with an empty body. */
  | { readonly kind: 'empty' }
  /** 200 with a page of HTML. */
  | { readonly kind: 'html' }
  /** 200 and half of a JSON object, as if that were all. */
  | { readonly kind: 'truncated' }
  /** Half of the proper answer, then the connection is torn down. */
  | { readonly kind: 'cut' }
  /** 200 and a JSON object of this many bytes. */
  | { readonly kind: 'huge'; readonly bytes: number }
  | { readonly kind: 'redirect'; readonly location: string };

export interface FaultSpec {
  /** `connector` by default. */
  readonly target?: FaultTarget;
  /** Only requests of this operation. */
  readonly operation?: Operation;
  /** Only requests to this conversation. */
  readonly conversationId?: string;
  /** How many requests it hits; 1 by default. */
  readonly times?: number | 'untilCleared';
  /**
   * Whether the request is carried out before it gets the spoiled answer. By default only where the proper answer is
   * needed: `late`, `slowBody`, `cut`.
   */
  readonly isCarriedOut?: boolean;
  readonly answer: FaultAnswer;
}

export interface Fault extends FaultSpec {
  readonly id: string;
  /** Requests hit so far. */
  readonly hits: number;
}

interface FaultPlace {
  readonly target: FaultTarget;
  readonly operation?: Operation;
  readonly conversationId?: string;
}

/** The faults that are waiting, first come first served. */
export class Faults {
  #faults: Fault[] = [];
  #lastId = 0;

  add(spec: FaultSpec): Fault {
    const isCarriedOut = ['late', 'slowBody', 'cut'].includes(spec.answer.kind);
    const fault = { isCarriedOut, ...spec, id: `fault-${++this.#lastId}`, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  /** @param id all of them when absent */
  clear(id?: string): void {
    this.#faults = id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id);
  }

  list(): readonly Fault[] {
    return [...this.#faults];
  }

  /** The fault that hits this request, counted as a hit. */
  take(place: FaultPlace): Fault | undefined {
    const at = this.#faults.findIndex((fault) => matches(fault, place));
    const fault = this.#faults[at];
    if (!fault) {
      return undefined;
    }
    const hit = { ...fault, hits: fault.hits + 1 };
    const isSpent = fault.times !== 'untilCleared' && hit.hits >= (fault.times ?? 1);
    this.#faults.splice(at, 1, ...(isSpent ? [] : [hit]));
    return hit;
  }
}

function matches(fault: Fault, place: FaultPlace): boolean {
  return (
    (fault.target ?? 'connector') === place.target &&
    (fault.operation === undefined || fault.operation === place.operation) &&
    (fault.conversationId === undefined || fault.conversationId === place.conversationId)
  );
}

/** Those of the kinds that need no more than their name. */
const PLAIN_KINDS = ['invalidClient', 'reset', 'hang', 'empty', 'html', 'truncated', 'cut'] as const;

/**
 * Reads a fault that came as JSON.
 * @throws AppError `invalid_request` with what is wrong
 */
export function parseFaultSpec(value: unknown): FaultSpec {
  if (!isRecord(value)) {
    throw invalid('an object');
  }
  const { target, operation, conversationId, times, isCarriedOut } = value;
  const knownTarget = FAULT_TARGETS.find((known) => known === target);
  const knownOperation = OPERATIONS.find((known) => known === operation);
  if ((target !== undefined && !knownTarget) || (operation !== undefined && !knownOperation)) {
    throw invalid(`target one of ${FAULT_TARGETS.join(', ')} and operation one of ${OPERATIONS.join(', ')}`);
  }
  if (times !== undefined && times !== 'untilCleared' && !isCount(times)) {
    throw invalid('times a whole number from 1 on, or "untilCleared"');
  }
  return {
    ...(knownTarget && { target: knownTarget }),
    ...(knownOperation && { operation: knownOperation }),
    ...(typeof conversationId === 'string' && { conversationId }),
    ...(times !== undefined && { times }),
    ...(typeof isCarriedOut === 'boolean' && { isCarriedOut }),
    answer: parseAnswer(value['answer']),
  };
}

function parseAnswer(value: unknown): FaultAnswer {
  const answer = isRecord(value) ? value : {};
  const { kind, name, status, body, delayMs, byteDelayMs, bytes, location } = answer;
  const retryAfter = typeof answer['retryAfter'] === 'string' ? { retryAfter: answer['retryAfter'] } : {};
  const plain = PLAIN_KINDS.find((known) => known === kind);
  if (plain) {
    return { kind: plain };
  }
  if (kind === 'error' && isConnectorErrorName(name)) {
    return { kind, name, ...retryAfter };
  }
  if (kind === 'status' && isCount(status) && status >= 200 && status <= 599) {
    return { kind, status, ...(typeof body === 'string' && { body }), ...retryAfter };
  }
  if (kind === 'late' && isCount(delayMs)) {
    return { kind, delayMs };
  }
  if (kind === 'slowBody' && isCount(byteDelayMs)) {
    return { kind, byteDelayMs };
  }
  if (kind === 'huge' && isCount(bytes)) {
    return { kind, bytes };
  }
  if (kind === 'redirect' && typeof location === 'string') {
    return { kind, location };
  }
  throw invalid('an answer with a known kind and what belongs to it');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function invalid(expected: string): AppError {
  return new AppError('invalid_request', `Expected the fault to have ${expected}`);
}
