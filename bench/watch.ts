// What is seen from inside a service that runs `children/watch.ts` beside its own code.

import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A request to the Connector as it is written to its connection. */
export interface Send {
  /** Index of the person whose chat it goes to. */
  readonly person: number;
  readonly atMs: number;
}

/** A time in which the event loop did nothing else. */
export interface Block {
  readonly untilMs: number;
  readonly lastedMs: number;
  /** How much of it this thread was computing; the rest is waiting for the disk, or for a processor that others have. */
  readonly cpuMs: number;
}

/** Instants are those of `monotonicMs()`. */
export interface Observation {
  readonly sends: readonly Send[];
  /** Only those above the resolution of the look, 10 ms. */
  readonly blocks: readonly Block[];
}

export interface WatchOptions {
  /** Every half second, with a probability of a fifth, nothing happens in the process for 400 ms. */
  readonly hasStalls: boolean;
}

const FILE = fileURLToPath(new URL('./children/watch.ts', import.meta.url));

/** Flags of Node.js that make a process write its observation to `path` when it ends. */
export function watchFlags(path: string, { hasStalls }: WatchOptions): readonly string[] {
  const url = pathToFileURL(FILE);
  url.searchParams.set('path', path);
  url.searchParams.set('stalls', String(hasStalls));
  return ['--import', url.href];
}

/** To be called once the process has ended. */
export function readObservation(path: string): Observation {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Milliseconds on a clock that all processes of the machine share and nobody sets. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The index of the person whose chat a request's path names; undefined for other paths. */
export function personOf(path: string): number | undefined {
  const digits = /\/conversations\/a(?::|%3[Aa])1p(\d+)\/activities$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
