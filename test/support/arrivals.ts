// What came to Teams, as the sandbox saw it: each message with the request that brought it.

import type { SandboxEvent } from '../../src/sandbox/events.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const TITLE = /job(\d+)x/;

/** The title of a notification that is found again when it arrives. */
export function numberedTitle(number: number): string {
  return `job${number}x`;
}

/** Looks at numbered notifications only. */
export class Arrivals {
  readonly #requestIds = new Map<number, string[]>();
  /** Messages whose request is about to be told, by their ids. */
  readonly #fresh = new Map<string, number>();

  constructor(sandbox: Sandbox) {
    sandbox.events.subscribe((event) => this.#add(event));
  }

  /** The ids of the requests that put a notification into a chat, in the order of arrival, by its number. */
  get requestIds(): ReadonlyMap<number, readonly string[]> {
    return this.#requestIds;
  }

  /** How often each notification came. */
  get copies(): readonly number[] {
    return [...this.#requestIds.values()].map((ids) => ids.length);
  }

  #add(event: SandboxEvent): void {
    if (event.kind === 'message') {
      const number = TITLE.exec(JSON.stringify(event.message.activity))?.[1];
      if (number !== undefined) {
        this.#fresh.set(event.message.id, Number(number));
      }
      return;
    }
    const activityId = event.kind === 'request' ? event.entry.activityId : undefined;
    const number = activityId === undefined ? undefined : this.#fresh.get(activityId);
    if (event.kind === 'request' && activityId !== undefined && number !== undefined) {
      this.#fresh.delete(activityId);
      this.#requestIds.set(number, [...(this.#requestIds.get(number) ?? []), event.entry.requestId ?? '']);
    }
  }
}
