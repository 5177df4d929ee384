// How many requests of one tenant fell into one second.

/** A request to the chat of a person. */
export interface Instant {
  readonly person: number;
  readonly atMs: number;
}

/** The most requests of any one tenant in any half-open window of `spanMs`; person `n` is of tenant `n % tenantCount`. */
export function worstWindow(
  instants: readonly Instant[],
  { tenantCount, spanMs }: { readonly tenantCount: number; readonly spanMs: number },
): number {
  const tenants = Array.from({ length: tenantCount }, () => [] as number[]);
  for (const { person, atMs } of instants) {
    tenants[person % tenantCount]?.push(atMs);
  }
  return Math.max(...tenants.map((times) => fullestWindow(times, spanMs)));
}

function fullestWindow(times: number[], spanMs: number): number {
  times.sort((left, right) => left - right);
  let most = 0;
  let first = 0;
  times.forEach((atMs, last) => {
    while (atMs - (times[first] ?? atMs) >= spanMs) {
      first++;
    }
    most = Math.max(most, last - first + 1);
  });
  return most;
}
