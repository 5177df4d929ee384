// Log lines: one JSON object an event on standard output, without secrets and without personal data.

import { pino } from 'pino';

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

/** Values of a line. Never put text, names, addresses or ids of persons here, nor anything that authenticates. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined | readonly string[] | ErrorShape>
>;

/** The parts of an error that are safe to write down. */
export interface ErrorShape {
  readonly name: string;
  readonly code?: string;
  /** What SQLite says of its result code, from a fixed list: `database or disk is full`. */
  readonly reason?: string;
  readonly stack?: string;
  readonly cause?: Omit<ErrorShape, 'stack' | 'cause'>;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where lines go; one complete line a call. */
export interface LogDestination {
  write(line: string): void;
}

/** @param destination standard output when absent; tests pass a list */
export function createLogger(level: LogLevel, destination?: LogDestination): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: escapeControls },
      // A second line of defence: nothing that is logged on purpose has these names.
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    },
    destination ?? pino.destination({ dest: 1, sync: false }),
  ) as Logger;
}

const SECRET_FIELDS = ['authorization', 'password', 'secret', 'token', 'apiKey', 'key', 'body', 'text', 'email'];

/** JSON leaves these as they are; terminals and log viewers take them for commands and line ends. */
function escapeControls(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * An error without its message: messages of libraries can quote what they were given (URLs with passwords, header
 * values, rows). The stack keeps its frames.
 */
export function describeError(error: unknown): ErrorShape {
  if (!(error instanceof Error)) {
    return { name: typeof error };
  }
  const frames = error.stack
    ?.replace(error.message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  return {
    ...nameError(error),
    ...(frames && { stack: frames.slice(0, 8).join('\n') }),
    ...(error.cause instanceof Error && { cause: nameError(error.cause) }),
  };
}

function nameError(error: Error): NonNullable<ErrorShape['cause']> {
  const { code, errstr }: { code?: unknown; errstr?: unknown } = Object(error);
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    ...(code === 'ERR_SQLITE_ERROR' && typeof errstr === 'string' && { reason: errstr }),
  };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
