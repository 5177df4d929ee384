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
  /** Gets every line that the service logs, as JSON text. */
  readonly onLine?: (line: string) => void;
}

export interface ServiceProcess {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** Sends the signal and waits for the end. SIGTERM stops in good order, SIGKILL does not ask. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

const START_TIMEOUT_MS = 15_000;

/** @throws AppError `internal` with what the process had to say when it does not become ready */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { mainPath, env, cwd, onLine } = options;
  const child = spawn(process.execPath, [mainPath], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    const port = await waitUntilReady(child, exited, onLine ?? (() => undefined));
    return {
      url: `http://127.0.0.1:${port}`,
      exited,
      end(signal) {
        child.kill(signal);
        return exited;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function waitUntilReady(
  child: ChildProcess,
  exited: Promise<number | null>,
  onLine: (line: string) => void,
): Promise<number> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8').slice(0, 4_096);
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new AppError('internal', `The service ${what}. ${complaint.trim()}`));
    const timer = setTimeout(() => fail('did not become ready'), START_TIMEOUT_MS);
    void exited.then((code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code}`);
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        onLine(line);
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
