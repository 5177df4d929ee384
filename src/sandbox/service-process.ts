// The service as a child process, started and ended the way an operator's system would.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppError } from '../domain/errors.ts';

export interface ServiceProcessOptions {
  /** The service's entry file. */
  readonly mainPath: string;
  /** All that the process gets to know; nothing is inherited, so no setting of the caller leaks in. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder it runs in; an `.env` there would be read. */
  readonly cwd: string;
  /** How long it may take until it is ready; 15 s when absent. */
  readonly startTimeoutMs?: number;
  /** Gets every line that the service logs, as JSON text. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process from its first moment on. */
export interface SpawnedService {
  /**
   * Resolves with `http://127.0.0.1:<port>` when it serves requests. Whoever does not wait for it need not handle its
   * failure: AppError `internal` with what the process had to say.
   */
  readonly ready: Promise<string>;
  readonly exited: Promise<Exit>;
  send(signal: NodeJS.Signals): void;
}

/** A process that serves requests. */
export interface ServiceProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly exited: Promise<Exit>;
  /** Sends the signal and waits for the end. SIGTERM stops in good order, SIGKILL does not ask. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>;
}

const START_TIMEOUT_MS = 15_000;

/** @throws AppError `internal` with what the process had to say when it does not become ready */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { ready, exited, send } = spawnServiceProcess(options);
  try {
    return {
      url: await ready,
      exited,
      end(signal) {
        send(signal);
        return exited;
      },
    };
  } catch (error) {
    send('SIGKILL');
    throw error;
  }
}

/** Starts the process and does not wait: it can be sent signals while it starts. */
export function spawnServiceProcess(options: ServiceProcessOptions): SpawnedService {
  const { mainPath, env, cwd } = options;
  const child = spawn(process.execPath, [mainPath], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const ready = waitUntilReady(child, exited, options).then((port) => `http://127.0.0.1:${port}`);
  ready.catch(() => undefined);
  return { ready, exited, send: (signal) => void child.kill(signal) };
}

function waitUntilReady(
  child: ChildProcess,
  exited: Promise<Exit>,
  { onLine, startTimeoutMs = START_TIMEOUT_MS }: ServiceProcessOptions,
): Promise<number> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-4_096);
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new AppError('internal', `The service ${what}. ${complaint.trim()}`));
    const timer = setTimeout(() => fail('did not become ready'), startTimeoutMs);
    void exited.then(({ code, signal }) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? `exit code ${code}`}`);
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        onLine?.(line);
        const port = readyPort(line);
        if (port !== undefined) {
          clearTimeout(timer);
          resolve(port);
        }
      });
    }
  });
}

function readyPort(line: string): number | undefined {
  if (!line.includes('"msg":"ready"')) {
    return undefined;
  }
  const { port }: { port?: unknown } = JSON.parse(line);
  return typeof port === 'number' ? port : undefined;
}
