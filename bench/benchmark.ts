// What a benchmark is, and what it finds.

import type { Engine } from './engine.ts';
import type { Resources } from './resources.ts';

/** One line of the table. */
export interface Row {
  readonly measure: string;
  readonly value: number;
  /** `times` marks a ratio. */
  readonly unit: 'us' | 'ms' | 's' | 'req/s' | 'requests' | 'MB' | '%' | 'times';
  /** The most that the value should be; a run never fails for being above it. */
  readonly bar?: number;
  /** The least that the value should be, in the place of a bar. */
  readonly floor?: number;
}

/** What the caller of the benchmarks may choose. */
export interface Choices {
  /** For benchmarks of the delivery engine. */
  readonly engines: readonly Engine[];
  /** How long each row of a benchmark that runs for a set time takes. */
  readonly seconds: number;
  /** The benchmark was asked for by its name: it may take its time. */
  readonly isThorough: boolean;
}

export interface Benchmark {
  /** Selects it on the command line. */
  readonly name: string;
  /** @throws AppError `internal` when the measurement could not be made */
  run(resources: Resources, choices: Choices): Promise<readonly Row[]>;
}
