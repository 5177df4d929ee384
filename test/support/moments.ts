// Moments at which something may be killed: chosen by what happens, so that they are in the middle of it.

import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** A producer was answered 202; a message came to the sandbox, and is not answered yet. */
export type Happening = 'accepted' | 'posted';

/** It may be that nothing happens any more. */
const MAX_WAIT_MS = 3_000;

export class Moments {
  readonly #listeners: Readonly<Record<Happening, Set<() => void>>> = { accepted: new Set(), posted: new Set() };

  constructor(sandbox: Sandbox) {
    sandbox.events.subscribe((event) => {
      if (event.kind === 'request' && event.entry.operation === 'sendToConversation') {
        this.notice('posted');
      }
    });
  }

  /** Something has happened, and this may be the moment. */
  notice(happening: Happening): void {
    for (const listener of this.#listeners[happening]) {
      listener();
    }
  }

  /** Waits until it has happened so often from now on, three seconds at the most. */
  async untilHappened(happening: Happening, count: number): Promise<void> {
    const reached = new AbortController();
    let left = count;
    const listener = () => {
      left -= 1;
      if (left === 0) {
        reached.abort();
      }
    };
    this.#listeners[happening].add(listener);
    await wait(MAX_WAIT_MS, undefined, { signal: reached.signal }).catch(() => undefined);
    this.#listeners[happening].delete(listener);
  }
}
