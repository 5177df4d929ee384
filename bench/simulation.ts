// A broadcast whose time is simulated, in a process of its own.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface SimulationOptions {
  readonly databasePath: string;
  /** It ends when so many have been sent. */
  readonly recipients: number;
  /** Of simulated time: it fails when this is over. */
  readonly limitMs: number;
}

export interface SimulationResult {
  readonly delivered: number;
  /** From the start to the last request, on the simulated clock. */
  readonly simulatedMs: number;
  readonly tookMs: number;
  readonly peakMb: number;
}

const FILE = fileURLToPath(new URL('./children/simulation.ts', import.meta.url));
const TIMEOUT_MS = 900_000;

/** Delivers what waits in the database. Rejects when the process fails. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [FILE, JSON.stringify(options)], {
    env: {},
    timeout: TIMEOUT_MS,
  });
  return JSON.parse(stdout);
}
