// The table that is printed.

import type { Row } from './benchmark.ts';

/** The rows of one benchmark. */
export interface Section {
  readonly benchmark: string;
  readonly rows: readonly Row[];
}

/** One line a row: what, how much, and the bar with a word on whether it is met. */
export function formatTable(sections: readonly Section[]): string {
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ measure }) => measure.length)));
  const lines = sections.flatMap(({ benchmark, rows }) => [
    '',
    benchmark,
    ...rows.map((row) => `  ${row.measure.padEnd(width)}  ${formatValue(row.value).padStart(8)} ${formatUnit(row)}`),
  ]);
  return `${lines.join('\n').trimStart()}\n`;
}

/** Three significant digits; more would be noise. */
function formatValue(value: number): string {
  if (!Number.isFinite(value) || value === 0) {
    return String(value);
  }
  return value.toFixed(Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))));
}

function formatUnit({ value, unit, bar, floor }: Row): string {
  if (floor !== undefined) {
    return `${unit.padEnd(5)}  bar >= ${floor}: ${value >= floor ? 'met' : 'missed'}`;
  }
  return bar === undefined ? unit : `${unit.padEnd(5)}  bar ${bar}: ${value <= bar ? 'met' : 'missed'}`;
}
