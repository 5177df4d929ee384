// Loaded into the service's process before its own code: notes when requests leave and when the event loop is blocked,
// and stalls the process when it is told to.

import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { type Block, monotonicMs, type Observation, personOf, type Send } from '../watch.ts';

const LOOK_INTERVAL_MS = 5;
const MIN_BLOCK_MS = 10;
const STALL_INTERVAL_MS = 500;
const STALL_PROBABILITY = 0.2;
const STALL_MS = 400;

/** undici tells of each request at the moment in which it writes its head. */
function noteSends(sends: Send[]): void {
  subscribe('undici:client:sendHeaders', (message) => {
    const { request } = message as { readonly request: { readonly path: string } };
    const person = personOf(request.path);
    if (person !== undefined) {
      sends.push({ person, atMs: monotonicMs() });
    }
  });
}

function noteBlocks(blocks: Block[]): void {
  let lookedAtMs = monotonicMs();
  let spent = process.threadCpuUsage();
  const look = setInterval(() => {
    const untilMs = monotonicMs();
    const lastedMs = untilMs - lookedAtMs - LOOK_INTERVAL_MS;
    const { user, system } = process.threadCpuUsage();
    const cpuMs = (user - spent.user + system - spent.system) / 1_000;
    lookedAtMs = untilMs;
    spent = { user, system };
    if (lastedMs >= MIN_BLOCK_MS) {
      blocks.push({ untilMs, lastedMs, cpuMs });
    }
  }, LOOK_INTERVAL_MS);
  look.unref();
}

function stallSometimes(): void {
  const stall = setInterval(() => {
    const endMs = monotonicMs() + (Math.random() < STALL_PROBABILITY ? STALL_MS : 0);
    while (monotonicMs() < endMs) {
      // Busy, as a long computation or a slow disk would be.
    }
  }, STALL_INTERVAL_MS);
  stall.unref();
}

const settings = new URL(import.meta.url).searchParams;
const seen = { sends: [] as Send[], blocks: [] as Block[] } satisfies Observation;
noteSends(seen.sends);
noteBlocks(seen.blocks);
if (settings.get('stalls') === 'true') {
  stallSometimes();
}
process.once('exit', () => writeFileSync(settings.get('path') ?? '', JSON.stringify(seen)));
