// One of the processes that serve: ended and started again, always on the same port.

import { join } from 'node:path';
import { type Exit, type SpawnedService, spawnServiceProcess } from '../../src/sandbox/service-process.ts';

/** The service's own entry file: for tests of what only that does. */
export const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
/** The one whose requests tell which replica made them. */
export const CRASH_MAIN = join(import.meta.dirname, 'crash-service.ts');

export interface ReplicaOptions {
  /** Eight hexadecimal digits: how the ids of its requests begin. */
  readonly name: string;
  readonly mainPath: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const LINE_TIMEOUT_MS = 15_000;
/** Several start at once, beside whatever else the machine does. */
const START_TIMEOUT_MS = 60_000;

export class Replica {
  readonly #options: ReplicaOptions;
  readonly #listeners = new Set<(line: string) => void>();
  #process: SpawnedService | undefined;
  #ready: Promise<string> = Promise.reject(new Error('The replica was never started'));
  #port = '0';
  #isServing = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#ready.catch(() => undefined);
  }

  /** Spawns the process and does not wait until it is `ready`. */
  spawn(): void {
    const { env, name, ...rest } = this.#options;
    const onLine = (line: string) => {
      for (const listener of this.#listeners) {
        listener(line);
      }
    };
    this.#process = spawnServiceProcess({
      ...rest,
      env: { ...env, REPLICA_NAME: name, PORT: this.#port },
      onLine,
      startTimeoutMs: START_TIMEOUT_MS,
    });
    this.#ready = this.#process.ready.then((url) => {
      this.#port = new URL(url).port;
      this.#isServing = true;
      return url;
    });
    this.#ready.catch(() => undefined);
  }

  /** The url of the latest process, once it serves; of the coming one from `kill` on. Rejects when it ends before that. */
  get ready(): Promise<string> {
    return this.#ready;
  }

  /** Whether the latest process has become ready and was not killed. */
  get isServing(): boolean {
    return this.#isServing;
  }

  /** Whether the request was made by this replica, in any of its lives. */
  hasMade(requestId: string): boolean {
    return requestId.startsWith(`${this.#options.name}-`);
  }

  start(): Promise<string> {
    this.spawn();
    return this.ready;
  }

  send(signal: NodeJS.Signals): void {
    this.#process?.send(signal);
  }

  get exited(): Promise<Exit> {
    return this.#process?.exited ?? Promise.resolve({ code: 0, signal: null });
  }

  /**
   * Kills the process, which may still be starting, and spawns the next one after `meanwhile`.
   * @throws Error when the process had ended by itself
   */
  async kill(meanwhile: () => Promise<void>): Promise<void> {
    const next = Promise.withResolvers<string>();
    const complaint = this.#process?.ready.then(String, String);
    this.#isServing = false;
    this.#ready = next.promise;
    this.#ready.catch(() => undefined);
    try {
      this.send('SIGKILL');
      const exit = await this.exited;
      if (exit.signal !== 'SIGKILL') {
        throw new Error(`The service ended by itself with exit code ${exit.code}: ${await complaint}`);
      }
      await meanwhile();
      this.spawn();
      this.ready.then(next.resolve, next.reject);
    } catch (error) {
      next.reject(error);
      throw error;
    }
  }

  /** The next line of the log that contains `part`. */
  nextLine(part: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const listener = (line: string) => {
      if (line.includes(part)) {
        resolve(line);
      }
    };
    this.#listeners.add(listener);
    const timer = setTimeout(() => reject(new Error(`No line with ${part} in the log`)), LINE_TIMEOUT_MS);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    });
  }
}
