// Answers to what never became a request: bytes that are not HTTP, heads that are too long, requests that take too long.

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECURITY_HEADERS } from './answer.ts';
import { type EdgeProblemCode, toEdgeProblem } from './problem.ts';

/**
 * Answers with a problem document and ends the connection.
 *
 * @returns the status that was sent
 */
export function answerMalformed(socket: Duplex, error: Error, requestId: string): number {
  const problem = toEdgeProblem(problemCodeOf(error), requestId);
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    'X-Request-Id': requestId,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n`;
  socket.end(head + body, () => socket.destroy());
  return problem.status;
}

function problemCodeOf(error: Error): EdgeProblemCode {
  switch ('code' in error && error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'head_too_large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    default:
      return 'malformed_http';
  }
}
