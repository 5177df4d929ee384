// What is read from the head of a request before its body is touched.

import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import { AppError } from '../domain/errors.ts';
import { isSameText } from '../domain/same-text.ts';

/**
 * Refuses a body that cannot be taken, from its headers alone: only JSON, in UTF-8, not compressed, within the limit.
 *
 * @throws AppError `unsupported_media_type`, `payload_too_large`
 */
export function checkJsonHead({ headers }: IncomingMessage, maxBodyBytes: number): void {
  checkBodyHead({ headers }, maxBodyBytes);
  const type = parseMimeType(headers['content-type']);
  if (!type || !(type.essence === 'application/json' || type.subtype.endsWith('+json'))) {
    throw new AppError('unsupported_media_type', 'Expected `Content-Type: application/json`.');
  }
  const charset = type.params.get('charset')?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8') {
    throw new AppError('unsupported_media_type', 'Expected JSON in UTF-8, got another charset.');
  }
}

/**
 * Refuses a body that cannot be taken whatever is in it: compressed, or above the limit.
 *
 * @throws AppError `unsupported_media_type`, `payload_too_large`
 */
export function checkBodyHead({ headers }: Pick<IncomingMessage, 'headers'>, maxBodyBytes: number): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new AppError('unsupported_media_type', 'Expected a body without `Content-Encoding`.');
  }
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) {
    throw bodyTooLarge(maxBodyBytes);
  }
}

/** The error for a body above the limit. */
export function bodyTooLarge(maxBodyBytes: number): AppError {
  return new AppError('payload_too_large', `Expected a body of at most ${maxBodyBytes} bytes.`);
}

/** The `Authorization` header; undefined also when there is more than one, for then nobody can say which one counts. */
export function readAuthorization({ headersDistinct }: IncomingMessage): string | undefined {
  const values = headersDistinct['authorization'] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/**
 * The value of `Idempotency-Key`: a quoted string (RFC 8941) or a bare token, 1 to 255 visible ASCII characters.
 * `"a"` and `a` are the same key.
 *
 * @throws AppError `idempotency_key_invalid`
 */
export function readIdempotencyKey({ headersDistinct }: IncomingMessage): string | undefined {
  const values = headersDistinct['idempotency-key'];
  if (values === undefined) {
    return undefined;
  }
  const key = values.length === 1 ? readStringOrToken(values[0] ?? '') : undefined;
  if (key === undefined || key.length > 255) {
    throw new AppError(
      'idempotency_key_invalid',
      'Expected one `Idempotency-Key` header with 1 to 255 visible ASCII characters, quoted or bare.',
    );
  }
  return key;
}

/** A quoted string may hold escaped quotes and backslashes; a bare one neither those nor what separates values. */
function readStringOrToken(value: string): string | undefined {
  if (value.startsWith('"')) {
    const quoted = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/.exec(value)?.[1];
    return quoted?.replaceAll(/\\(["\\])/g, '$1');
  }
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(value) ? value : undefined;
}

/** What HTTP/1.1 demands. It is not used, but whoever sends two may have talked to a proxy that believed the other. */
export function hasOneHost({ headersDistinct, httpVersion }: IncomingMessage): boolean {
  const count = headersDistinct['host']?.length ?? 0;
  return count === 1 || (count === 0 && httpVersion === '1.0');
}

/** Whether a proxy of any kind has left its mark. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  return ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'].some(
    (name) => headers[name] !== undefined,
  );
}

/** Whether `Authorization` carries this bearer token; takes the same time wherever they differ. */
export function hasBearerToken(request: IncomingMessage, token: string): boolean {
  const presented = /^Bearer +(\S+)$/i.exec(readAuthorization(request) ?? '')?.[1];
  return presented !== undefined && isSameText(presented, token);
}

function parseMimeType(value: string | undefined): MIMEType | undefined {
  try {
    return value === undefined ? undefined : new MIMEType(value);
  } catch {
    return undefined;
  }
}
