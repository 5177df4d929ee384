// Child processes: started until they are ready, measured from outside, ended.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '../src/domain/errors.ts';

export interface ChildOptions {
  readonly file: string;
  readonly cwd: string;
  /** All of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node.js itself. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
}

/** A process that serves on a port of the loopback. */
export interface Child {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number;
  /** User and system CPU time that it has spent so far, all threads, in steps of 10 ms. */
  cpuMs(): number;
  /** Memory that it holds, shared pages included. */
  residentMb(): number;
  /** The most that it has held. */
  peakMb(): number;
  /** Asks it to stop, and waits for its end. Idempotent. */
  end(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 10_000;
const TICK_MS = 10;

/** Starts a process that tells on standard output, as JSON, `"msg":"ready"` and its `port`. */
export async function startChild({ file, cwd, env = {}, args = [], flags = [] }: ChildOptions): Promise<Child> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [...flags, file, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const port = await waitUntilReady(child);
    const readyMs = performance.now() - startedAtMs;
    const pid = child.pid ?? 0;
    return {
      url: `http://127.0.0.1:${port}`,
      readyMs,
      cpuMs: () => readCpuMs(pid),
      residentMb: () => readMemoryMb(pid, 'VmRSS'),
      peakMb: () => readMemoryMb(pid, 'VmHWM'),
      end: () => endChild(child),
    };
  } catch (error) {
    await endChild(child);
    throw error;
  }
}

async function waitUntilReady(child: ChildProcess): Promise<number> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-4_096);
  });
  const ready = Promise.withResolvers<number>();
  const fail = (what: string) => ready.reject(new AppError('internal', `A child process ${what}. ${complaint}`));
  const timer = setTimeout(() => fail('did not become ready'), START_TIMEOUT_MS);
  child.once('error', () => fail('could not be started'));
  child.once('exit', (code) => fail(`ended with exit code ${code}`));
  const lines = child.stdout && createInterface({ input: child.stdout });
  lines?.on('line', (line) => {
    if (line.includes('"msg":"ready"')) {
      ready.resolve(Number(JSON.parse(line).port));
    }
  });
  try {
    return await ready.promise;
  } finally {
    clearTimeout(timer);
    lines?.close();
    // What it logs from now on is read, so that it never waits for us, and thrown away.
    child.stdout?.resume();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return;
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(timer);
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 14 and 15, of children that have ended 16 and 17 */
function readCpuMs(pid: number, children?: 'withEnded'): number {
  // The name in brackets, the second field, may hold anything.
  const fields = readProcess(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  const ticks = fields.slice(11, children === 'withEnded' ? 15 : 13).map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS;
}

/** User and system CPU time of a process and of its children, those that have ended included. */
export function readFamilyCpuMs(pid: number): number {
  const children = readProcess(pid, `task/${pid}/children`).trim().split(' ').filter(Boolean);
  return [pid, ...children].reduce<number>((sum, one) => sum + readCpuMs(Number(one), 'withEnded'), 0);
}

function readMemoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readProcess(pid, 'status'))?.[1]) / 1_024;
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    throw new AppError('internal', 'CPU time and memory of another process are read from /proc, as Linux has it', {
      cause,
    });
  }
}
