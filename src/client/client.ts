// A client of the API for Node.js and browsers: one function for each operation, and nothing but fetch.

import { OPERATIONS, type Operations } from './api-types.ts';
import { BellhopError, readError } from './bellhop-error.ts';

export { BellhopError } from './bellhop-error.ts';

/** Where the service is, and how it is asked. */
export interface ClientOptions {
  /** Of the service, without a path: `https://bellhop.example.com`. */
  readonly url: string;
  /** An API key. */
  readonly key: string;
  /** How often a request is repeated when there was no answer, or one that says to come again; 3 when absent. */
  readonly retries?: number;
  /** The longest wait between two tries, milliseconds; 30 000 when absent. Whoever is told to wait longer gives up. */
  readonly maxDelayMs?: number;
  /** In the place of the global one. */
  readonly fetch?: typeof fetch;
}

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

type Name = keyof Operations;
type Call<Of extends Name> = (
  ...input: [...Operations[Of]['input'], options?: Operations[Of]['options'] & CallOptions]
) => Promise<Operations[Of]['answer']>;

/** One function for each operation. All throw BellhopError, and what the signal gives as the reason of its abort. */
export type Client = { readonly [Of in Name]: Call<Of> } & {
  /**
   * Begins the survey of this name with the person whom the address means, as `bot.beginDialog(address, dialogId)` of the
   * Bot Builder SDK did.
   */
  beginDialog(
    address: DialogAddress,
    dialogId: string,
    options?: Operations['startDialog']['options'] & CallOptions,
  ): Promise<Operations['startDialog']['answer']>;
};

/** A person in Teams, as the Bot Builder SDK names them. */
export type DialogAddress = NonNullable<Operations['startDialog']['input'][0]['address']>;

/** Builds the client; nothing is asked before the first call. */
export function createClient(options: ClientOptions): Client {
  const calls = Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    (...input: readonly unknown[]) => call(options, toRequest(operation, input)),
  ]);
  const client = Object.fromEntries(calls) as Client;
  return {
    ...client,
    beginDialog: (address, dialog, ...more) => client.startDialog({ address, dialog }, ...more),
  };
}

type Operation = (typeof OPERATIONS)[Name];

interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal | undefined;
  /** Whether it may reach the service twice. */
  readonly isRepeatable: boolean;
}

/** Pure, but for the idempotency key that is made up. */
function toRequest(
  { method, path, query: fixed, parameters, hasBody, takesKey }: Operation,
  input: readonly unknown[],
): Request {
  const names: readonly string[] = parameters;
  const body = hasBody ? input[names.length] : undefined;
  const { signal, idempotencyKey, ...wishes } = (input[names.length + (hasBody ? 1 : 0)] ?? {}) as Options;
  const filled = names.reduce<string>(
    (text, name, at) => text.replace(`{${name}}`, encodeURIComponent(String(input[at]))),
    path,
  );
  const search = new URLSearchParams(
    Object.fromEntries(
      Object.entries({ ...wishes, ...fixed }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
    ),
  );
  return {
    method,
    path: search.size > 0 ? `${filled}?${search}` : filled,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      // Without a key nobody could tell a retry from a second event.
      ...(takesKey && { 'idempotency-key': idempotencyKey ?? crypto.randomUUID() }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    isRepeatable: takesKey || REPEATABLE.has(method),
  };
}

type Options = CallOptions & { readonly idempotencyKey?: string } & Readonly<Record<string, unknown>>;

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);

/** Nothing was done when these are answered. */
const COME_AGAIN: ReadonlySet<number> = new Set([429, 503]);

async function call(options: ClientOptions, request: Request): Promise<unknown> {
  const { retries = 3, maxDelayMs = 30_000 } = options;
  for (let tries = 0; ; tries++) {
    const outcome = await tryOnce(options, request);
    if ('value' in outcome) {
      return outcome.value;
    }
    const delayMs = outcome.retryAfterMs ?? FIRST_DELAY_MS * 2 ** tries * (0.5 + Math.random() / 2);
    if (!outcome.isWorthRepeating || tries >= retries || delayMs > maxDelayMs) {
      throw outcome.error;
    }
    await pause(delayMs, request.signal);
  }
}

const FIRST_DELAY_MS = 250;

type Outcome =
  | { readonly value: unknown }
  | { readonly error: BellhopError; readonly isWorthRepeating: boolean; readonly retryAfterMs?: number | undefined };

async function tryOnce({ url, key, fetch: ask = fetch }: ClientOptions, request: Request): Promise<Outcome> {
  const { method, path, headers, body, signal, isRepeatable } = request;
  let response: Response;
  try {
    response = await ask(new URL(path, url), {
      method,
      headers: { ...headers, authorization: `Bearer ${key}` },
      redirect: 'error',
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (response.ok) {
      return { value: await readAnswer(response) };
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const error = new BellhopError('unreachable', 'Bellhop could not be reached, or its answer was lost', { cause });
    return { error, isWorthRepeating: isRepeatable };
  }
  return {
    error: await readError(response),
    isWorthRepeating: COME_AGAIN.has(response.status),
    retryAfterMs: readRetryAfterMs(response.headers.get('retry-after')),
  };
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) {
    return undefined;
  }
  const isText = response.headers.get('content-type')?.startsWith('text/') ?? false;
  return isText ? response.text() : response.json();
}

function readRetryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
}
