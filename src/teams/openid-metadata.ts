// One fetch of the keys that sign activities from Teams, as their OpenID metadata document names them.

import { z } from 'zod';

/** A public RSA key, and the Bot Framework channels whose activities it may sign. */
export interface SigningKey {
  readonly jwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string };
  readonly endorsements: readonly string[];
}

/** `reason` is a stable word for the log. */
export type KeysAnswer =
  | { readonly kind: 'keys'; readonly keys: ReadonlyMap<string, SigningKey> }
  | { readonly kind: 'failed'; readonly reason: string; readonly error?: unknown };

type Json = { readonly kind: 'json'; readonly value: unknown } | Extract<KeysAnswer, { kind: 'failed' }>;

/** Bounds each of the two documents; Microsoft's have some tens of kilobytes. */
const MAX_DOCUMENT_BYTES = 1_048_576;

const metadataShape = z.object({ jwks_uri: z.url() });
const keySetShape = z.object({ keys: z.array(z.unknown()) });
const keyShape = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
  endorsements: z.array(z.string()).default([]),
});

/**
 * Reads the metadata document and the key set it points to: two GETs, no redirects. Keys of other kinds are left out.
 * Never rejects; a set without a usable key is a failure.
 */
export async function fetchSigningKeys(
  fetch: typeof globalThis.fetch,
  metadataUrl: string,
  signal: AbortSignal,
): Promise<KeysAnswer> {
  const metadata = await fetchJson(fetch, metadataUrl, signal);
  if (metadata.kind === 'failed') {
    return metadata;
  }
  const keysUrl = metadataShape.safeParse(metadata.value).data?.jwks_uri;
  // A metadata document that came over TLS must not send us to one that does not.
  if (keysUrl === undefined || new URL(keysUrl).protocol !== new URL(metadataUrl).protocol) {
    return { kind: 'failed', reason: 'metadata_invalid' };
  }
  const keySet = await fetchJson(fetch, keysUrl, signal);
  return keySet.kind === 'failed' ? keySet : readKeySet(keySet.value);
}

function readKeySet(value: unknown): KeysAnswer {
  const keys = new Map<string, SigningKey>();
  for (const item of keySetShape.safeParse(value).data?.keys ?? []) {
    const key = keyShape.safeParse(item).data;
    if (key) {
      keys.set(key.kid, { jwk: { kty: key.kty, n: key.n, e: key.e }, endorsements: key.endorsements });
    }
  }
  return keys.size > 0 ? { kind: 'keys', keys } : { kind: 'failed', reason: 'no_usable_key' };
}

async function fetchJson(fetch: typeof globalThis.fetch, url: string, signal: AbortSignal): Promise<Json> {
  try {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    if (!response.ok) {
      await response.body?.cancel();
      return { kind: 'failed', reason: `status_${response.status}` };
    }
    const text = await readText(response);
    return text === undefined ? { kind: 'failed', reason: 'too_large' } : { kind: 'json', value: JSON.parse(text) };
  } catch (error) {
    return { kind: 'failed', reason: signal.aborted ? 'timed_out' : 'unreadable', error };
  }
}

/** @returns undefined when the document is larger than it may be; the rest is not read then */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
