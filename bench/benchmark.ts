// What a benchmark is, and what it finds.

import type { Resources } from './resources.ts';

/** One line of the table. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  /** `times` marks a ratio. */
  readonly unit: 'ms' | 'req/s' | 'MB' | '%' | 'times';
  /** The most that the value should be; a run never fails for being above it. */
  readonly bar?: number;
}

export interface Benchmark {
  /** Selects it on the command line. */
  readonly name: string;
  /** @throws AppError `internal` when the measurement could not be made */
  run(resources: Resources): Promise<readonly Row[]>;
}
