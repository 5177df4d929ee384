// Medians, percentiles, times, and the order in which things to be compared are measured.

/** The middle value; of an even number, the lower one of the two. @returns NaN for no values */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that is not below `percent` of them (nearest rank). @returns NaN for no values */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/**
 * Runs the parts in turn (A B C, A B C, ...), so that a disturbance of the machine meets all of them alike, and gives
 * back what each one gave, in the order of the rounds. One more round before the first is not counted.
 */
export async function interleave<Name extends string, Result>(
  rounds: number,
  parts: Readonly<Record<Name, () => Result | Promise<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(parts) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const result = await parts[name]();
      if (round > 0) {
        results[name].push(result);
      }
    }
  }
  return results;
}

/** The median of the ratios of rounds that were measured side by side. */
export function medianRatio(values: readonly number[], bases: readonly number[]): number {
  return median(values.map((value, round) => value / (bases[round] ?? Number.NaN)));
}

/** Wall time of one piece of `work`, which waits for nothing. */
export function timeEachMs(count: number, work: () => unknown): number {
  const startedAtMs = performance.now();
  for (let done = 0; done < count; done++) {
    work();
  }
  return (performance.now() - startedAtMs) / count;
}
