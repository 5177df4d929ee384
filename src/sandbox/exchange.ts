// One HTTP exchange: a bounded body in, an answer out.

import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, when there is no `json`; the content type belongs into `headers`. */
  readonly text?: string;
}

/** @returns the body, or undefined when it is longer than `maxBytes`; rejects when the caller goes away */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** @returns undefined when the bytes are no JSON object */
export function parseJsonObject(body: Buffer | string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: an expected answer of this function.
    return undefined;
  }
}

/** Whether a value is an object with members, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of an object that may be no object at all. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Whether a content type is JSON, whatever its parameters. */
export function isJsonType(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}

/** Sends the whole answer, with its length. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  const body = renderBody(answer);
  response.writeHead(answer.status, {
    ...(answer.json !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...answer.headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** The body as it goes over the wire. */
export function renderBody(answer: Answer): string {
  return answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
}
