// Sends signed activities to the bot, in order for each conversation, and keeps them while the bot is away.

import type { Clock } from '../domain/clock.ts';
import type { WireActivity } from './conversations.ts';
import type { SandboxEvents } from './events.ts';
import { member } from './exchange.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface ActivityResult {
  /**
   * `delivered`: the bot answered 2xx. `refused`: it answered something else, at last. `undelivered`: it is not there;
   * the activity is kept and delivered when it is back.
   */
  readonly result: 'delivered' | 'refused' | 'undelivered';
  /** 0 when there was no answer. */
  readonly status: number;
  readonly body?: string;
}

/** For whom activities are signed, and how patiently they are sent. */
export interface ActivitySenderOptions {
  readonly appId: string;
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly deliveryTimeoutMs: number;
  readonly deliveryRetryDelaysMs: readonly number[];
  readonly keptRetryMs: number;
}

/** What the sender works with. */
export interface ActivitySenderDeps {
  readonly clock: Clock;
  readonly events: SandboxEvents;
  readonly keys: SigningKeys;
}

interface Pending {
  readonly activity: WireActivity;
  readonly settle: (result: ActivityResult) => void;
}

/** Claims are the same for all activities, so one signature serves many. */
const TOKEN_REUSE_MS = 300_000;

/** One queue for each conversation; `stop` ends all waiting. */
export class ActivitySender {
  /** Where activities go; while there is none, the bot is away. */
  botEndpoint: string | undefined;
  readonly #deps: ActivitySenderDeps;
  readonly #options: ActivitySenderOptions;
  readonly #queues = new Map<string, Pending[]>();
  readonly #stopping = new AbortController();
  #token: { readonly kid: string; readonly value: string; readonly signedAtMs: number } | undefined;

  constructor(deps: ActivitySenderDeps, options: ActivitySenderOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Activities that wait for the bot. */
  get keptCount(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** @returns what became of it; of a bot that is away it says so after the usual tries, and goes on by itself */
  send(activity: WireActivity): Promise<ActivityResult> {
    const conversationId = conversationOf(activity);
    return new Promise((settle) => {
      const queue = this.#queues.get(conversationId);
      if (queue) {
        queue.push({ activity, settle });
        return;
      }
      const started = [{ activity, settle }];
      this.#queues.set(conversationId, started);
      void this.#work(conversationId, started);
    });
  }

  /** Sends at once and once only: nobody waits for a late answer to a button. */
  async invoke(activity: WireActivity): Promise<ActivityResult> {
    const result = await this.#post(activity);
    this.#tell(activity, result);
    return result;
  }

  async #work(conversationId: string, queue: Pending[]): Promise<void> {
    for (let next = queue[0]; next && !this.#stopping.signal.aborted; next = queue[0]) {
      const result = await this.#deliver(next, queue);
      queue.shift();
      next.settle(result);
      this.#tell(next.activity, result);
    }
    this.#queues.delete(conversationId);
    for (const left of queue) {
      left.settle({ result: 'undelivered', status: 0 });
    }
  }

  async #deliver(pending: Pending, queue: readonly Pending[]): Promise<ActivityResult> {
    const delays = this.#options.deliveryRetryDelaysMs;
    for (let tries = 1; ; tries++) {
      const result = await this.#post(pending.activity);
      const isFinal = result.status !== 0 && (result.status < 500 || tries > delays.length);
      if (isFinal || this.#stopping.signal.aborted) {
        return result;
      }
      if (tries === delays.length + 1) {
        this.#tell(pending.activity, result);
      }
      if (tries > delays.length) {
        for (const waiting of queue) {
          waiting.settle(result);
        }
      }
      await this.#pause(delays[tries - 1] ?? this.#options.keptRetryMs);
    }
  }

  async #post(activity: WireActivity): Promise<ActivityResult> {
    if (this.botEndpoint === undefined) {
      return { result: 'undelivered', status: 0 };
    }
    const signals = [this.#stopping.signal, AbortSignal.timeout(this.#options.deliveryTimeoutMs)];
    try {
      const response = await fetch(this.botEndpoint, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await this.#takeToken()}`,
          'content-type': 'application/json; charset=utf-8',
          'x-ms-conversation-id': conversationOf(activity),
          'x-ms-tenant-id': this.#options.tenantId,
        },
        body: JSON.stringify(activity),
        redirect: 'manual',
        signal: AbortSignal.any(signals),
      });
      const body = await response.text();
      return { result: response.ok ? 'delivered' : 'refused', status: response.status, body };
    } catch {
      // Refused connection, reset or time-out: the bot is not there, which is an ordinary result.
      return { result: 'undelivered', status: 0 };
    }
  }

  async #takeToken(): Promise<string> {
    const { clock, keys } = this.#deps;
    const nowMs = clock.nowMs();
    const known = this.#token;
    if (known && known.kid === keys.kid && Math.abs(nowMs - known.signedAtMs) < TOKEN_REUSE_MS) {
      return known.value;
    }
    const { appId, serviceUrl } = this.#options;
    const value = await keys.sign({ aud: appId, serviceurl: serviceUrl });
    this.#token = { kid: keys.kid, value, signedAtMs: nowMs };
    return value;
  }

  #tell(activity: WireActivity, { result, status }: ActivityResult): void {
    this.#deps.events.emit({
      kind: 'activity',
      conversationId: conversationOf(activity),
      activityId: String(activity['id']),
      activityType: String(activity['type']),
      result,
      status,
    });
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.after(delayMs, done);
      function done(): void {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}

function conversationOf(activity: WireActivity): string {
  return String(member(activity['conversation'], 'id'));
}
