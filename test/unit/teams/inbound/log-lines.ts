// Collects what the logger writes.

import { createLogger, type Logger, type LogLevel } from '../../../../src/telemetry/logger.ts';

export interface LogLines {
  readonly logger: Logger;
  readonly lines: string[];
}

export function collectLogLines(level: LogLevel = 'info'): LogLines {
  const lines: string[] = [];
  return { lines, logger: createLogger(level, { write: (line) => lines.push(line) }) };
}
