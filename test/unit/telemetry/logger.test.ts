// What a log line looks like, and what never gets into one.

import fc from 'fast-check';
import { createLogger, describeError, LOG_LEVELS, type Logger, silentLogger } from '../../../src/telemetry/logger.ts';

function setUp(level: (typeof LOG_LEVELS)[number] = 'debug') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('a log line', () => {
  test('is one JSON object with level, time, fields and message, and nothing about the machine', () => {
    const { logger, lines, last } = setUp();
    logger.info({ deliveryId: 7, isLate: false, hosts: ['a', 'b'] }, 'delivered');
    expect(lines).toHaveLength(1);
    const { time, ...rest } = last();
    expect(rest).toEqual({ level: 'info', deliveryId: 7, isLate: false, hosts: ['a', 'b'], msg: 'delivered' });
    expect(new Date(time).toISOString()).toBe(time);
  });

  test('stays one line, whatever the text: no line end, no escape sequence, no control character', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(
          '\r\n',
          '\n{"level":"error"}',
          '\u001b[31m',
          '\u009b2J',
          '\u0085',
          '\u2028',
          '\u2029',
          '\u007f',
        ),
        fc.string({ unit: 'binary' }),
      ),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const { logger, lines, last } = setUp();
        const text = parts.join('').toWellFormed();
        logger.child({ child: text }).warn({ path: text, list: [text] }, text);
        expect(lines).toHaveLength(1);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
        expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(lines[0]?.at(-1)).toBe('\n');
        expect(last()).toMatchObject({ child: text, path: text, list: [text], msg: text });
      }),
      { numRuns: 2_000 },
    );
  });

  test('of a child carries the fields of its parent', () => {
    const { logger, last } = setUp();
    logger.child({ requestId: 'r1' }).child({ route: 'x' }).info({ status: 202 }, 'answered');
    expect(last()).toMatchObject({ requestId: 'r1', route: 'x', status: 202 });
  });

  test.each(LOG_LEVELS)('below the level %s is not written', (level) => {
    const { logger, lines } = setUp(level);
    const steps = ['debug', 'info', 'warn', 'error'] as const;
    for (const step of steps) {
      logger[step]({}, step);
    }
    const expected = level === 'silent' ? [] : steps.slice(steps.indexOf(level));
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(expected);
  });
});

describe('a field that could hold a secret or a person', () => {
  const fields = ['authorization', 'password', 'secret', 'token', 'apiKey', 'key', 'body', 'text', 'email'];

  test.each(fields)('is redacted by its name, %s: at the top, one level below and in a child', (field) => {
    const { logger, lines } = setUp();
    logger.info({ [field]: 'canary-1' }, 'top');
    logger.info({ error: { name: 'E', [field]: 'canary-2' } }, 'below');
    logger.child({ [field]: 'canary-3' }).info({}, 'child');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('canary');
    expect(lines.filter((line) => line.includes('[redacted]'))).toHaveLength(3);
  });
});

describe('an error in the log', () => {
  class StoreError extends Error {
    override readonly name = 'StoreError';
    readonly code = 'SQLITE_FULL';
  }

  test('has its name, its code and the frames of its stack', () => {
    const { name, code, stack } = describeError(new StoreError('canary'));
    expect({ name, code }).toEqual({ name: 'StoreError', code: 'SQLITE_FULL' });
    expect(stack?.split('\n').length).toBeLessThanOrEqual(8);
    expect(stack).toMatch(/^ {4}at .*logger\.test\.ts/);
  });

  test.each(['canary', 'first line\ncanary', 'first line\n    at canary (secret.ts:1:1)', '$& canary', ''])(
    'does not have its message: %j',
    (message) => {
      const shape = describeError(new Error(message, { cause: new Error('canary') }));
      expect(JSON.stringify(shape)).not.toContain('canary');
      expect(shape.stack).toMatch(/^ {4}at /);
    },
  );

  test('names its cause too, and of SQLite says what the result code means', () => {
    const cause = Object.assign(new Error('canary'), { code: 'ERR_SQLITE_ERROR', errstr: 'database or disk is full' });
    const shape = describeError(new Error('canary', { cause }));
    expect(shape.cause).toEqual({ name: 'Error', code: 'ERR_SQLITE_ERROR', reason: 'database or disk is full' });
    expect(JSON.stringify(shape)).not.toContain('canary');
    const other = Object.assign(new Error(), { code: 'OTHER', errstr: 'canary' });
    expect(describeError(other)).not.toHaveProperty('reason');
  });

  test('that is no error is named by its type only', () => {
    expect(['canary', 5, null, undefined, { message: 'canary' }].map(describeError)).toEqual([
      { name: 'string' },
      { name: 'number' },
      { name: 'object' },
      { name: 'undefined' },
      { name: 'object' },
    ]);
  });

  test('has no code that is not text', () => {
    expect(describeError(Object.assign(new Error('x'), { code: 42 }))).not.toHaveProperty('code');
  });
});

test('the silent logger and its children take every call', () => {
  const silent: Logger = silentLogger.child({ a: 1 });
  expect([silent.debug({}, ''), silent.info({}, ''), silent.warn({}, ''), silent.error({}, '')]).toEqual(
    Array(4).fill(undefined),
  );
});
