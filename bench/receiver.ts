// Stand-ins for the Bot Connector that note when each message arrives.

import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { SANDBOX_TENANT_ID } from '../src/sandbox/organisation.ts';
import type { Resources } from './resources.ts';
import { APP_ID, openSandbox } from './stage.ts';
import { monotonicMs, personOf } from './watch.ts';

/** A post as it arrived, on the clock of `monotonicMs()`. */
export interface Arrival {
  readonly person: number;
  readonly atMs: number;
  /** Answered 429. */
  readonly isThrottled: boolean;
}

export interface Receiver {
  readonly url: string;
  readonly serviceUrl: string;
  readonly appSecret: string;
  /** Since the last `forget()`, in order. */
  readonly arrivals: readonly Arrival[];
  forget(): void;
  /** Called at each arrival from now on, in the place of an earlier listener. */
  onArrival(listener: (arrival: Arrival) => void): void;
}

/** A cheap one, whose cost leaves the machine to the service. */
export interface CheapReceiver extends Receiver {
  /** Whose messages are refused, with Retry-After: 2, until it is changed. */
  throttledPerson: number | undefined;
}

/** The directory of the sandbox, which the service is told to live in. */
export const RECEIVER_TENANT_ID = SANDBOX_TENANT_ID;
/** What Teams takes from one bot in one tenant: the window of `src/sandbox/rate-limits.ts`. */
export const TENANT_WINDOW = { count: 50, spanMs: 1_000 } as const;
const RETRY_AFTER_SECONDS = 2;

class Arrivals {
  #list: Arrival[] = [];
  #listener: (arrival: Arrival) => void = () => undefined;

  get list(): readonly Arrival[] {
    return this.#list;
  }

  add(arrival: Arrival): void {
    this.#list.push(arrival);
    this.#listener(arrival);
  }

  forget(): void {
    this.#list = [];
  }

  onArrival(listener: (arrival: Arrival) => void): void {
    this.#listener = listener;
  }
}

/** The sandbox with all its checks and the documented limits. It knows one tenant. */
export async function openStrictReceiver(resources: Resources, peopleCount: number): Promise<Receiver> {
  const sandbox = await openSandbox(resources, peopleCount, { hasRateLimits: true });
  const arrivals = new Arrivals();
  sandbox.events.subscribe((event) => {
    if (event.kind === 'request' && event.entry.operation === 'sendToConversation') {
      const person = Number(event.entry.conversationId?.slice('a:1p'.length));
      arrivals.add({ person, atMs: monotonicMs(), isThrottled: event.entry.status === 429 });
    }
  });
  const { url, serviceUrl, appSecret } = sandbox;
  return Object.assign(share(arrivals), { url, serviceUrl, appSecret });
}

/** Checks nothing but the window of each tenant, and answers after `answerMs`; person `n` counts for tenant `n % tenantCount`. */
export async function openCheapReceiver(
  resources: Resources,
  tenantCount: number,
  { answerMs = 0 }: { readonly answerMs?: number } = {},
): Promise<CheapReceiver> {
  const arrivals = new Arrivals();
  const windows = Array.from({ length: tenantCount }, () => new Window());
  const server = createServer((request, response) => {
    request.resume();
    const person = personOf(request.url ?? '');
    if (person === undefined) {
      answerOther(response, request.url);
      return;
    }
    const atMs = monotonicMs();
    const isAdmitted = person !== receiver.throttledPerson && windows[person % tenantCount]?.admit(atMs) === true;
    arrivals.add({ person, atMs, isThrottled: !isAdmitted });
    request.once('end', () => afterwards(answerMs, () => answer(response, isAdmitted)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  resources.defer(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const appSecret = randomBytes(24).toString('base64url');
  const receiver: CheapReceiver = Object.assign(share(arrivals), {
    ...{ url, serviceUrl: `${url}/teams/`, appSecret },
    throttledPerson: undefined,
  });
  return receiver;
}

function share(arrivals: Arrivals) {
  return {
    get arrivals() {
      return arrivals.list;
    },
    forget: () => arrivals.forget(),
    onArrival: (listener: (arrival: Arrival) => void) => arrivals.onArrival(listener),
  };
}

/** At once, or when Teams would have answered. */
function afterwards(delayMs: number, action: () => void): void {
  if (delayMs === 0) {
    action();
  } else {
    setTimeout(action, delayMs);
  }
}

/** A token for everybody; no keys, because nothing is said to the bot. */
function answerOther(response: ServerResponse, path: string | undefined): void {
  const isToken = path?.endsWith('/token') === true;
  response.writeHead(isToken ? 200 : 404, { 'content-type': 'application/json' });
  response.end(isToken ? JSON.stringify({ token_type: 'Bearer', expires_in: 3_600, access_token: APP_ID }) : '{}');
}

function answer(response: ServerResponse, isAdmitted: boolean): void {
  const body = isAdmitted ? '{"id":"1760000000000"}' : '{"error":{"code":"LimitExceeded","message":"too many"}}';
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(
    isAdmitted ? 201 : 429,
    isAdmitted ? headers : { ...headers, 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
  response.end(body);
}

/** The latest instants that were let through, as a ring. */
class Window {
  readonly #instants = new Float64Array(TENANT_WINDOW.count).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  /** Refused ones are not counted. */
  admit(atMs: number): boolean {
    const oldest = this.#instants[this.#next] ?? 0;
    if (atMs - oldest < TENANT_WINDOW.spanMs) {
      return false;
    }
    this.#instants[this.#next] = atMs;
    this.#next = (this.#next + 1) % TENANT_WINDOW.count;
    return true;
  }
}
