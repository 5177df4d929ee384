// Gives the answers that a fault spoils, on the wire.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../domain/clock.ts';
import { assertNever } from '../domain/errors.ts';
import { refuse } from './connector-errors.ts';
import { type Answer, renderBody, sendAnswer } from './exchange.ts';
import type { FaultAnswer } from './faults.ts';

const HUGE_CHUNK = Buffer.alloc(65_536, 'x');

/** The status that the caller gets to see, for the ledger; 0 for none. */
export function statusOf(fault: FaultAnswer, proper: Answer): number {
  switch (fault.kind) {
    case 'reset':
    case 'hang':
      return 0;
    case 'late':
    case 'slowBody':
    case 'cut':
      return proper.status;
    default:
      return spoiledAnswer(fault).status;
  }
}

/**
 * Answers as the fault says. A caller who goes away ends it.
 * @param proper what would have been answered
 */
export function answerWithFault(
  deps: { readonly clock: Clock; readonly response: ServerResponse },
  fault: FaultAnswer,
  proper: Answer,
): void {
  const { clock, response } = deps;
  switch (fault.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'late':
      response.once(
        'close',
        clock.after(fault.delayMs, () => sendAnswer(response, proper)),
      );
      return;
    case 'slowBody':
      drip(deps, proper, fault.byteDelayMs);
      return;
    case 'cut':
      sendHalf(response, proper);
      return;
    case 'huge':
      sendHuge(response, fault.bytes);
      return;
    default:
      sendAnswer(response, spoiledAnswer(fault));
  }
}

type SpoiledAnswer = Exclude<FaultAnswer, { kind: 'reset' | 'hang' | 'late' | 'slowBody' | 'cut' }>;

function spoiledAnswer(fault: SpoiledAnswer): Answer {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  switch (fault.kind) {
    case 'error':
      return { ...refuse(fault.name), headers: retryAfterHeader(fault) };
    case 'status':
      return { status: fault.status, headers: { ...json, ...retryAfterHeader(fault) }, text: fault.body ?? '' };
    case 'invalidClient':
      return {
        status: 401,
        json: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' },
      };
    case 'empty':
      return { status: 200, text: '' };
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html' }, text: '<html><body>Welcome</body></html>' };
    case 'truncated':
      return { status: 200, headers: json, text: '{"id":"17000000' };
    case 'huge':
      return { status: 200, headers: json };
    case 'redirect':
      return { status: 302, headers: { location: fault.location } };
    default:
      return assertNever(fault);
  }
}

function retryAfterHeader(fault: { readonly retryAfter?: string }): Readonly<Record<string, string>> {
  return fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
}

function drip(
  deps: { readonly clock: Clock; readonly response: ServerResponse },
  proper: Answer,
  byteDelayMs: number,
): void {
  const { clock, response } = deps;
  const body = Buffer.from(renderBody(proper));
  response.writeHead(proper.status, { 'content-type': 'application/json', 'content-length': body.length });
  response.flushHeaders();
  let sent = 0;
  const sendNext = (): void => {
    if (response.destroyed || sent >= body.length) {
      response.end();
      return;
    }
    response.write(body.subarray(sent, ++sent));
    clock.after(byteDelayMs, sendNext);
  };
  clock.after(byteDelayMs, sendNext);
}

function sendHalf(response: ServerResponse, proper: Answer): void {
  const body = Buffer.from(renderBody(proper));
  response.writeHead(proper.status, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

function sendHuge(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  // The caller is expected to hang up in the middle; that is the end of it, and no error of ours.
  pipeline(Readable.from(hugeObject(bytes)), response).catch(() => response.destroy());
}

function* hugeObject(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"padding":"');
  for (let left = bytes; left > 0; left -= HUGE_CHUNK.length) {
    yield HUGE_CHUNK.subarray(0, Math.min(left, HUGE_CHUNK.length));
  }
  yield Buffer.from('"}');
}
