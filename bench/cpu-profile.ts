// Where a process spends its time: the profile that Node.js writes with --cpu-prof, told by what the code is for.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../src/domain/errors.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
  /** On the clock of `process.hrtime`, microseconds. */
  readonly startTime: number;
}

/** What a phase is recognized by: the source file, or a function of it, closest to where the time was spent. */
export type Phases<Phase extends string> = readonly { readonly frame: RegExp; readonly phase: Phase }[];

/** Both ends on the clock of `process.hrtime`, microseconds. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
}

/** The time of `process.hrtime` in microseconds. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/**
 * The share of each phase in the time that the process was not idle within the window; `rest` is what belongs to none.
 *
 * @param folder what --cpu-prof-dir named
 */
export function readShares<Phase extends string>(
  folder: string,
  window: Window,
  phases: Phases<Phase>,
): ReadonlyMap<Phase | 'rest', number> {
  const profile = readProfile(folder);
  const phaseOf = attribute(profile, phases);
  const spentUs = new Map<Phase | 'rest', number>();
  let atUs = profile.startTime;
  let totalUs = 0;
  for (const [index, id] of profile.samples.entries()) {
    const us = profile.timeDeltas[index] ?? 0;
    atUs += us;
    const phase = phaseOf.get(id) ?? 'rest';
    if (phase !== 'idle' && atUs >= window.fromUs && atUs <= window.toUs) {
      spentUs.set(phase, (spentUs.get(phase) ?? 0) + us);
      totalUs += us;
    }
  }
  return new Map(Array.from(spentUs, ([phase, us]) => [phase, us / totalUs]));
}

function readProfile(folder: string): Profile {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) {
    throw new AppError('internal', 'Expected the service to write a CPU profile when it ends');
  }
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** A node without a phase of its own has that of its caller. */
function attribute<Phase extends string>(
  { nodes }: Profile,
  phases: Phases<Phase>,
): ReadonlyMap<number, Phase | 'idle' | undefined> {
  const found = new Map<number, Phase | 'idle' | undefined>();
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  // A caller stands before what it calls.
  for (const { id, callFrame } of nodes) {
    const { functionName, url } = callFrame;
    const own = phases.find(({ frame }) => frame.test(`${url} ${functionName}`))?.phase;
    found.set(id, functionName === '(idle)' ? 'idle' : (own ?? found.get(parents.get(id) ?? 0)));
  }
  return found;
}
