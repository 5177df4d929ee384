// Whether a request comes from the sender that a hook was made for. Pure.

import { createHmac } from 'node:crypto';
import { isSameText } from '../domain/same-text.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Dialect, SignatureForm } from '../domain/source.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import { isHookSecret, readSecrets } from './hook-secrets.ts';
import { isStandardSigned } from './standard-webhooks.ts';

/** What comes before a body. */
export interface HookHead {
  /** The part of the path behind the id. */
  readonly pathSecret: string | undefined;
  /** Names in lower case; only headers that came once. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A hook, and how its sender speaks. */
export interface SpeakingHook {
  readonly hook: HookRow;
  readonly dialect: Dialect;
}

/**
 * What the head alone says. `isSigned`: the body has to be read to know. `hasKey`: an API key has to be looked up.
 * Refused is also whoever shows something that this hook does not ask for where its secret should be.
 */
export type HeadVerdict = 'refused' | 'admitted' | 'isSigned' | 'hasKey';

/** Whether this is the whole address of the hook: with its secret where that is part of it, and with nothing where it is not. */
export function isAddressOf(hook: HookRow, pathSecret: string | undefined, nowMs: number): boolean {
  return hook.auth === 'url'
    ? pathSecret !== undefined && isHookSecret(hook, pathSecret, nowMs)
    : pathSecret === undefined;
}

/** Decides from the hook and the head of a request alone. */
export function judgeHead(
  { hook, dialect }: SpeakingHook,
  { pathSecret, headers }: HookHead,
  nowMs: number,
): HeadVerdict {
  if (!isAddressOf(hook, pathSecret, nowMs)) {
    return 'refused';
  }
  switch (hook.auth) {
    case 'url':
      return 'admitted';
    case 'token':
      return presentedTokens(dialect, headers).some((token) => isHookSecret(hook, token, nowMs))
        ? 'admitted'
        : 'refused';
    case 'key':
      return headers['authorization'] === undefined ? 'refused' : 'hasKey';
    case 'standard-webhooks':
      return headers['webhook-signature'] === undefined ? 'refused' : 'isSigned';
    case 'signature':
      return headers[dialect.signature?.header ?? ''] === undefined ? 'refused' : 'isSigned';
  }
}

/** What is signed, by whom it should be, and what opens the secret. */
export interface SignedBody extends SpeakingHook {
  readonly headers: HookHead['headers'];
  readonly body: Uint8Array;
}

/** Whether the raw bytes carry a signature made with a secret of the hook. @throws AppError `internal` when that cannot be read */
export function isSignedBySender(sealer: Sealer, { hook, dialect, headers, body }: SignedBody, nowMs: number): boolean {
  const secrets = readSecrets(sealer, hook, nowMs);
  if (hook.auth === 'standard-webhooks') {
    return isStandardSigned({ headers, body }, secrets, nowMs);
  }
  return dialect.signature !== undefined && isSigned(dialect.signature, { headers, body }, secrets);
}

/** Of a list that may be as long as a header. */
const MAX_SIGNATURES = 10;

function isSigned(
  { header, prefix, separator }: SignatureForm,
  { headers, body }: Pick<SignedBody, 'headers' | 'body'>,
  secrets: readonly string[],
): boolean {
  const value = headers[header] ?? '';
  const presented = (separator === undefined ? [value] : value.split(separator, MAX_SIGNATURES))
    .map((one) => one.trim())
    .filter((one) => one.startsWith(prefix))
    .map((one) => one.slice(prefix.length).toLowerCase());
  return secrets.some((secret) => {
    const made = createHmac('sha256', secret).update(body).digest('hex');
    return presented.some((one) => isSameText(one, made));
  });
}

/** Wherever this sender can put a secret. */
function presentedTokens({ tokenHeaders = [] }: Dialect, headers: HookHead['headers']): readonly string[] {
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const authorized = scheme.toLowerCase() === 'basic' ? passwordOf(credentials) : credentials;
  const own = tokenHeaders.flatMap((name) => headers[name] ?? []);
  return authorized === '' ? own : [authorized, ...own];
}

/** The user name means nothing: senders demand different ones. */
function passwordOf(credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}
