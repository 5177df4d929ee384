// Benchmarks that say the same of every database.

import type { Benchmark, Row } from './benchmark.ts';
import type { Engine } from './engine.ts';
import type { Resources } from './resources.ts';

/** The `run` of a benchmark that measures one engine after the other, and leaves nothing of one to the next. */
export function onEachEngine(
  measure: (resources: Resources, engine: Engine) => Promise<readonly Row[]>,
): Benchmark['run'] {
  return async (resources, { engines }) => {
    const rows: Row[] = [];
    for (const engine of engines) {
      rows.push(...(await measure(resources, engine)));
      await resources.release();
    }
    return rows;
  };
}
