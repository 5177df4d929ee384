// The life of the access token, on a clock that tests move.

import { AppError } from '../../../../src/domain/errors.ts';
import {
  type AccessTokens,
  createAccessTokens,
  type TokenAnswer,
  type TokenSource,
} from '../../../../src/teams/access-token.ts';
import { silentLogger } from '../../../../src/telemetry/logger.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Answers what the test says, and counts. */
function createSource(answer: (count: number) => TokenAnswer | Promise<TokenAnswer>): TokenSource & { count: number } {
  return {
    count: 0,
    async requestToken() {
      this.count += 1;
      return answer(this.count);
    },
  };
}

function setUp(answer: (count: number, nowMs: number) => TokenAnswer | Promise<TokenAnswer>) {
  const clock = new ManualClock();
  const source = createSource((count) => answer(count, clock.nowMs()));
  const tokens = createAccessTokens({ source, clock, logger: silentLogger });
  return { clock, source, tokens };
}

const issued = (count: number, nowMs: number): TokenAnswer => ({
  kind: 'issued',
  token: `token-${count}`,
  expiresAtMs: nowMs + HOUR_MS,
});

async function failureOf(tokens: AccessTokens): Promise<AppError> {
  const error = await tokens.get().catch((thrown: unknown) => thrown);
  if (error instanceof AppError) {
    return error;
  }
  throw new Error('expected get() to fail');
}

/** Lets promises that are already settled run on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

test('fifty callers at once cost one request', async () => {
  const { source, tokens } = setUp(issued);
  const given = await Promise.all(Array.from({ length: 50 }, () => tokens.get()));
  expect(new Set(given)).toEqual(new Set(['token-1']));
  expect(source.count).toBe(1);
  tokens.close();
});

test('a token is renewed in the background at 80 % of its life, and nobody waits for it', async () => {
  const answers = Promise.withResolvers<TokenAnswer>();
  const { clock, source, tokens } = setUp((count, nowMs) => (count === 1 ? issued(count, nowMs) : answers.promise));
  await tokens.get();
  clock.advance(0.8 * HOUR_MS - 1);
  expect(source.count).toBe(1);
  clock.advance(1);
  expect(source.count).toBe(2);
  await expect(tokens.get()).resolves.toBe('token-1');
  answers.resolve(issued(2, clock.nowMs()));
  await settle();
  await expect(tokens.get()).resolves.toBe('token-2');
  tokens.close();
});

test('an outage of the identity provider is harmless while the token is valid, and is over when it answers', async () => {
  const { clock, source, tokens } = setUp((count, nowMs) =>
    count === 1 || count > 4 ? issued(count, nowMs) : { kind: 'unavailable', reason: 'unreachable' },
  );
  await tokens.get();
  for (const waitMs of [0.8 * HOUR_MS, 1_000, 2_000]) {
    clock.advance(waitMs);
    await settle();
    await expect(tokens.get()).resolves.toBe('token-1');
  }
  expect(source.count).toBe(4);
  clock.advance(4_000);
  await settle();
  await expect(tokens.get()).resolves.toBe('token-5');
  tokens.close();
});

test('a token is not used in its last minute', async () => {
  const { clock, tokens } = setUp((count, nowMs) =>
    count === 1 ? issued(count, nowMs) : { kind: 'unavailable', reason: 'unreachable' },
  );
  await tokens.get();
  clock.advance(HOUR_MS - MINUTE_MS);
  await settle();
  await expect(tokens.get()).rejects.toMatchObject({ code: 'token_unavailable' });
  tokens.close();
});

test('wrong credentials are tried once a minute', async () => {
  const { clock, source, tokens } = setUp(() => ({ kind: 'refused', reason: 'invalid_client' }));
  expect((await failureOf(tokens)).retryAfterMs).toBe(MINUTE_MS);
  clock.advance(MINUTE_MS - 1_000);
  const second = await failureOf(tokens);
  expect(second.retryAfterMs).toBe(1_000);
  expect(source.count).toBe(1);
  clock.advance(1_000);
  await failureOf(tokens);
  expect(source.count).toBe(2);
});

test('an identity provider that is away is asked again after 1, 2, 4, 8 and then every 15 seconds', async () => {
  const { clock, tokens } = setUp(() => ({ kind: 'unavailable', reason: 'http_503' }));
  const waits: (number | undefined)[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { retryAfterMs } = await failureOf(tokens);
    waits.push(retryAfterMs);
    clock.advance(retryAfterMs ?? 0);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test('an identity provider that hangs is given up after the time-out', async () => {
  const { clock, tokens } = setUp(() => new Promise(() => undefined));
  const failure = failureOf(tokens);
  await settle();
  clock.advance(10_000);
  expect((await failure).code).toBe('token_unavailable');
});

const BAD_SOURCES: readonly (readonly [string, () => TokenAnswer | Promise<TokenAnswer>])[] = [
  ['throws', () => Promise.reject(new Error('secret-canary'))],
  ['gives a token that breaks a header', () => ({ kind: 'issued', token: 'a\r\nb', expiresAtMs: Number.MAX_VALUE })],
  ['gives an empty token', () => ({ kind: 'issued', token: '', expiresAtMs: Number.MAX_VALUE })],
  ['gives a token that has ended', () => ({ kind: 'issued', token: 'a', expiresAtMs: 0 })],
];

test.each(BAD_SOURCES)('a source that %s counts as unavailable', async (_name, answer) => {
  const { tokens } = setUp(answer);
  const error = await failureOf(tokens);
  expect(error.retryAfterMs).toBe(1_000);
  expect(JSON.stringify(error) + String(error.cause)).not.toContain('canary');
});

test('a token that the Connector refused is asked for anew, once for all who used it', async () => {
  const { source, tokens } = setUp(issued);
  const old = await tokens.get();
  tokens.invalidate(old);
  await expect(tokens.get()).resolves.toBe('token-2');
  tokens.invalidate(old);
  await expect(tokens.get()).resolves.toBe('token-2');
  expect(source.count).toBe(2);
  tokens.close();
});

test('when the Connector refuses the fresh token too, nothing is asked or sent for a minute', async () => {
  const { clock, source, tokens } = setUp(issued);
  tokens.invalidate(await tokens.get());
  tokens.invalidate(await tokens.get());
  expect((await failureOf(tokens)).retryAfterMs).toBe(MINUTE_MS);
  expect(source.count).toBe(2);
  clock.advance(MINUTE_MS);
  await expect(tokens.get()).resolves.toBe('token-3');
  tokens.close();
});

test('nothing is renewed after close', async () => {
  const { clock, source, tokens } = setUp(issued);
  await tokens.get();
  tokens.close();
  clock.advance(HOUR_MS);
  await settle();
  expect(source.count).toBe(1);
});

test('a clock that is set back a day does not make a pause a day longer', async () => {
  const { clock, source, tokens } = setUp((count, nowMs) =>
    count === 1 ? { kind: 'refused', reason: 'invalid_client' } : issued(count, nowMs),
  );
  await failureOf(tokens);
  clock.set(-24 * HOUR_MS);
  expect(await tokens.get()).toBe('token-2');
  expect(source.count).toBe(2);
  tokens.close();
});
