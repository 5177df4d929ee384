// What happens in the sandbox, as it happens: for the page, and for tests that wait for something.

import type { Cancel } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { SandboxMessage } from './conversations.ts';
import type { LedgerEntry } from './ledger.ts';

export type SandboxHappening =
  | {
      /** `view`: the answer to a press, seen by that person only. `reaction`: one was put on it or taken away. */
      readonly kind: 'message' | 'edit' | 'delete' | 'view' | 'reaction';
      readonly conversationId: string;
      readonly message: SandboxMessage;
    }
  | { readonly kind: 'install' | 'uninstall' | 'block' | 'unblock'; readonly conversationId: string }
  /** `opened`: the bot opened a 1:1 chat. `change`: names, members or people are not what they were. */
  | { readonly kind: 'opened' | 'change'; readonly conversationId: string }
  | {
      /** What became of an activity: the bot took it, refused it (4xx), or is not there; then it is kept. */
      readonly kind: 'activity';
      readonly conversationId: string;
      readonly activityId: string;
      readonly activityType: string;
      readonly result: 'delivered' | 'refused' | 'undelivered';
      /** 0 when there was no answer. */
      readonly status: number;
    }
  | { readonly kind: 'request'; readonly entry: LedgerEntry }
  /** A short text that Teams shows to the person, not a message. */
  | { readonly kind: 'notice'; readonly conversationId: string; readonly personKey?: string; readonly text: string };

export type SandboxEvent = SandboxHappening & { readonly id: number };

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Events after this id count although they have happened already; by default only what is to come. */
  readonly afterId?: number;
}

const MAX_EVENTS = 2_000;

/** The newest events, in order, and who listens to them. */
export class SandboxEvents {
  readonly #listeners = new Set<(event: SandboxEvent) => void>();
  #log: SandboxEvent[] = [];
  #lastId = 0;

  get lastId(): number {
    return this.#lastId;
  }

  emit(happening: SandboxHappening): void {
    const event: SandboxEvent = { ...happening, id: ++this.#lastId };
    this.#log.push(event);
    if (this.#log.length > 2 * MAX_EVENTS) {
      this.#log = this.#log.slice(-MAX_EVENTS);
    }
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  /** @returns what ends the subscription */
  subscribe(listener: (event: SandboxEvent) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns the events after this id, or undefined when some of them are forgotten or the id was never given */
  since(id: number): SandboxEvent[] | undefined {
    const oldest = this.#log[0]?.id ?? this.#lastId + 1;
    return id >= oldest - 1 && id <= this.#lastId ? this.#log.slice(id - oldest + 1) : undefined;
  }

  /**
   * The next event for which `predicate` holds.
   * @throws AppError `internal` when none came within `timeoutMs` of real time
   */
  waitFor(predicate: (event: SandboxEvent) => boolean, options: WaitOptions): Promise<SandboxEvent> {
    const past = this.#log.find((event) => event.id > (options.afterId ?? this.#lastId) && predicate(event));
    if (past) {
      return Promise.resolve(past);
    }
    return new Promise((resolve, reject) => {
      const end = this.subscribe((event) => {
        if (predicate(event)) {
          clearTimeout(timer);
          end();
          resolve(event);
        }
      });
      const timer = setTimeout(() => {
        end();
        reject(new AppError('internal', `No such event in the sandbox within ${options.timeoutMs} ms`));
      }, options.timeoutMs);
    });
  }
}
