// The way of a message to its receiver: one POST, to the public internet only.

import type { Clock } from '../domain/clock.ts';
import type { ResolveAll } from '../domain/public-address.ts';
import { createExchanger, EXCHANGE_LIMITS, type Exchange } from '../network/http-exchange.ts';
import { isLoopbackUrl, type WebhookUrlPolicy } from './webhook-url.ts';

/** A message as it is posted. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Posts messages. */
export interface Transport {
  /** Never rejects, never follows a redirect. */
  post(message: Post): Promise<Exchange>;
  close(): Promise<void>;
}

/** To one host, which may serve several webhooks. */
const MAX_CONNECTIONS = 16;

/** @param policy an address that was good when it was registered may not be so any more */
export function createTransport(
  deps: { readonly clock: Clock; readonly resolve?: ResolveAll },
  policy: WebhookUrlPolicy,
): Transport {
  const options = { maxConnections: MAX_CONNECTIONS, limits: EXCHANGE_LIMITS };
  const outside = createExchanger(deps, { ...options, isPublicOnly: true });
  const onThisMachine = policy.isLoopbackAllowed
    ? createExchanger(deps, { ...options, isPublicOnly: false })
    : undefined;
  return {
    post({ url: text, headers, body, signal }) {
      const url = new URL(text);
      const exchanger = (isLoopbackUrl(url) ? onThisMachine : undefined) ?? outside;
      return exchanger.exchange({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: Object.entries(headers).flat(),
        body,
        signal,
      });
    },
    async close() {
      await Promise.all([outside.close(), onThisMachine?.close()]);
    },
  };
}
