// The bytes that a sender posts, as its dialect takes them.

import { MIMEType } from 'node:util';
import { AppError } from '../domain/errors.ts';
import type { Dialect } from '../domain/source.ts';
import { decodeUtf8, type JsonLimits, parseJson } from './parse-json.ts';

/** Senders are not asked to keep their payloads small; this is what most of them stay below. */
export const MAX_HOOK_BYTES = 1_048_576;

/** A group of five hundred alerts, or a push of two thousand commits, is still a payload. */
const HOOK_JSON_LIMITS: JsonLimits = {
  maxDepth: 64,
  maxNodes: 100_000,
  maxArrayLength: 10_000,
  maxStringLength: MAX_HOOK_BYTES,
  maxKeyLength: 1_024,
};

type Bytes = Uint8Array;

/**
 * @param contentType as the sender writes it; many write none, or the one that their HTTP client does by itself
 * @throws AppError `invalid_json`, `invalid_request`, `unsupported_media_type`
 */
export function readHookBody(dialect: Pick<Dialect, 'body'>, contentType: string | undefined, bytes: Bytes): unknown {
  const essence = essenceOf(contentType);
  if (dialect.body === 'text') {
    return decodeUtf8(bytes);
  }
  if (bytes.length === 0) {
    // An event may be all in the head.
    return undefined;
  }
  if (essence === FORM) {
    return readForm(bytes);
  }
  if (essence === undefined || isJson(essence)) {
    return parseJson(bytes, HOOK_JSON_LIMITS);
  }
  // Several senders call their JSON text; what is really text, such as the data of a CloudEvent, stays that.
  const text = decodeUtf8(bytes);
  return isLikeJson(text) ? parseJson(bytes, HOOK_JSON_LIMITS) : text;
}

function isLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

const FORM = 'application/x-www-form-urlencoded';

/** JSON in the field `payload`, or JSON itself, which clients such as curl send under this type. */
function readForm(bytes: Bytes): unknown {
  const text = decodeUtf8(bytes);
  const payload = isLikeJson(text) ? text : new URLSearchParams(text).get('payload');
  if (payload === null) {
    throw new AppError('invalid_request', 'Expected JSON, or a form with JSON in the field `payload`.');
  }
  return parseJson(Buffer.from(payload), HOOK_JSON_LIMITS);
}

/** @throws AppError `unsupported_media_type` for what is no text in UTF-8 */
function essenceOf(contentType: string | undefined): string | undefined {
  const type = parseType(contentType);
  const charset = type?.params.get('charset')?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new AppError('unsupported_media_type', 'Expected a body in UTF-8, got another charset.');
  }
  if (type && (type.type === 'multipart' || type.essence === 'application/octet-stream')) {
    throw new AppError('unsupported_media_type', `Expected JSON or text, not ${type.type}.`);
  }
  return type?.essence;
}

function parseType(contentType: string | undefined): MIMEType | undefined {
  if (contentType === undefined || contentType.trim() === '') {
    return undefined;
  }
  try {
    return new MIMEType(contentType);
  } catch {
    throw new AppError('unsupported_media_type', 'Expected a `Content-Type` that can be read.');
  }
}

function isJson(essence: string): boolean {
  return /[/+]json$/.test(essence);
}
