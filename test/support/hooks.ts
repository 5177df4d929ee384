// Hooks of a running service, and what their senders post.

import { createHmac } from 'node:crypto';
import type { RunningService } from './running-service.ts';

/** A hook as it was made. */
export interface MadeHook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly secretUrl: string | null;
}

/** Makes one through the API, with a key that may do everything unless another one is given. */
export async function makeHook(service: RunningService, wish: object, key?: string): Promise<MadeHook> {
  const bearer = key ?? (await service.createKey({ scopes: ['manage', 'send', 'broadcast', 'cards'] }));
  const response = await fetch(`${service.url}/api/v1/hooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'hook', to: ['ana@contoso.com'], ...wish }),
  });
  const hook = (await response.json()) as MadeHook;
  expect([response.status, hook]).toMatchObject([201, { id: expect.stringMatching(/^hook_/) }]);
  return { ...hook, url: `${service.url}/hooks/${hook.id}` };
}

/** What a request was answered. */
export interface HookAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON it is, for matchers
  readonly json: any;
}

export async function postTo(
  url: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<HookAnswer> {
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The headers by which Standard Webhooks knows a sender. */
export function standardHeaders(
  secret: string,
  body: string | Uint8Array,
  { id = 'msg_1', timestampS = Math.floor(Date.now() / 1_000) } = {},
): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestampS}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestampS), 'webhook-signature': `v1,${signature}` };
}

export function hmacOf(secret: string, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
