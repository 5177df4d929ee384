// The addresses that senders post to, each in its own dialect.

import { AppError } from '../domain/errors.ts';
import type { HookReception, OpenedHook } from '../hooks/take-requests.ts';
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { MAX_HOOK_BYTES, readHookBody } from './hook-body.ts';
import { readBody } from './read-body.ts';
import { checkBodyHead } from './request-head.ts';
import type { Route } from './route.ts';
import { refuseMethod } from './router.ts';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.ts';

interface Dependencies {
  readonly hooks: HookReception;
  readonly guard: Guard;
  readonly clock: Parameters<typeof createTokenBuckets>[0]['clock'];
}

/** With the secret as the last part of the path for senders that can say it nowhere else. */
export function hookRoutes(deps: Dependencies): readonly Route[] {
  const pace = createHookPace(deps);
  const route = (method: 'POST' | 'OPTIONS', path: string, answer: (call: Call) => Promise<Answer>): Route => ({
    method,
    path,
    isProbe: false,
    operation: undefined,
    handle: (exchange, { id = '', secret }) => answer({ exchange, id, secret }),
  });
  return ['/hooks/:id', '/hooks/:id/:secret'].flatMap((path) => [
    route('POST', path, (call) => take(deps, pace, call)),
    route('OPTIONS', path, (call) => shakeHands(deps, call)),
  ]);
}

interface Call {
  readonly exchange: Exchange;
  readonly id: string;
  readonly secret: string | undefined;
}

async function take({ hooks, guard }: Dependencies, pace: HookPace, call: Call): Promise<Answer> {
  const { exchange, id, secret } = call;
  const headers = singleHeaders(exchange);
  const opened = await hooks.openHook(id, { pathSecret: secret, headers });
  if (!opened) {
    throw guard.refuseSender(exchange);
  }
  const { hook, dialect, verdict } = opened;
  if (verdict === 'hasKey') {
    await admitKey(guard, exchange, opened);
  }
  if (verdict !== 'isSigned') {
    admitOnce(pace, exchange, hook);
  }
  const to = readNamed(exchange);
  checkBodyHead(exchange.request, MAX_HOOK_BYTES);
  const bytes = await readBody(exchange, MAX_HOOK_BYTES);
  if (verdict === 'isSigned') {
    if (!hooks.isSigned({ hook, dialect, headers, body: bytes })) {
      throw guard.refuseSender(exchange);
    }
    // Not before: whoever knows the address could use up what its sender may send.
    admitOnce(pace, exchange, hook);
  }
  if (!hooks.isEnabled(hook)) {
    throw new AppError('hook_disabled', 'This hook is disabled: whoever made it can enable it.');
  }
  const body = readHookBody(dialect, headers['content-type'], bytes);
  const received = await hooks.receive({ hook, dialect, request: { body, headers }, to });
  return dialect.answer ? { ...dialect.answer } : jsonAnswer(received ? 202 : 200, received ?? { isGreeting: true });
}

/** Spends one request of the hook's pace, and notes the hook for the log. @throws AppError `rate_limited` */
function admitOnce(pace: HookPace, exchange: Exchange, { publicId, settings }: OpenedHook['hook']): void {
  exchange.keyId = publicId;
  pace.take(publicId, settings.ratePerMinute);
}

/**
 * The handshake of CloudEvents' webhooks: whether a sender may deliver here. Whoever may not is answered as at any path,
 * so that nobody learns what exists. `WebHook-Request-Callback` is never called: it is a stranger's choice.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
async function shakeHands({ hooks }: Dependencies, { exchange, id, secret }: Call): Promise<Answer> {
  const allowed = await hooks.findAllowedOrigin(id, { pathSecret: secret, headers: singleHeaders(exchange) });
  if (!allowed) {
    return errorAnswer(refuseMethod(['POST']), exchange.requestId, { Allow: 'POST' });
  }
  const { origin, ratePerMinute } = allowed;
  const rate = String(ratePerMinute);
  return {
    status: 200,
    body: '',
    headers: { Allow: 'POST', 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': rate },
  };
}

/**
 * Whom the address names: `?to=ana@contoso.com,ben@contoso.com`.
 *
 * @throws AppError `invalid_request` for anything else in the query
 */
function readNamed({ query }: Exchange): readonly string[] {
  const parameters = [...new URLSearchParams(query)];
  if (parameters.some(([name]) => name !== 'to')) {
    throw new AppError('invalid_request', 'Expected no query parameter but `to`.');
  }
  const named = parameters.flatMap(([, value]) => value.split(','));
  return named.map((name) => name.trim()).filter((name) => name !== '');
}

/** An API key opens the hooks of its own producer. @throws AppError as `admitProducer` does */
async function admitKey(guard: Guard, exchange: Exchange, { hook }: OpenedHook): Promise<void> {
  const { producerId } = await guard.admitProducer(exchange, ['send', 'broadcast']);
  if (producerId !== hook.producerId) {
    throw guard.refuseSender(exchange);
  }
}

/** Headers that came once: of two, nobody can say which one counts. */
function singleHeaders({ request }: Exchange): Readonly<Record<string, string>> {
  const single = Object.entries(request.headersDistinct).filter(([, values]) => values?.length === 1);
  return Object.fromEntries(single.map(([name, values]) => [name, values?.[0] ?? '']));
}

interface HookPace {
  /** @throws AppError `rate_limited` */
  take(id: string, perMinute: number): void;
}

/** Part of a minute's requests that may come at once. */
const BURST_SHARE = 0.2;
const MIN_BURST = 10;

function createHookPace(deps: Pick<Dependencies, 'clock'>): HookPace {
  const byRate = new Map<number, TokenBuckets>();
  const bucketsOf = (perMinute: number): TokenBuckets => {
    const capacity = Math.max(MIN_BURST, Math.ceil(perMinute * BURST_SHARE));
    const buckets = byRate.get(perMinute) ?? createTokenBuckets(deps, { capacity, tokensPerSecond: perMinute / 60 });
    byRate.set(perMinute, buckets);
    return buckets;
  };
  return {
    take(id, perMinute) {
      const retryAfterMs = bucketsOf(perMinute).take(id);
      if (retryAfterMs > 0) {
        throw new AppError('rate_limited', 'This hook takes fewer requests in a minute.', { retryAfterMs });
      }
    },
  };
}
