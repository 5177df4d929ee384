// How long and how hard the service is killed: short in every test run, long by `npm run test:crash`.

import type { UnknownPolicy } from '../../src/domain/notification.ts';

export interface CrashPlan {
  readonly kills: number;
  /** Of the database itself, in a test of its own. */
  readonly databaseKills: number;
  readonly notifications: number;
  /** How long other replicas wait for one that was killed; the usual minute when absent. */
  readonly leaseMs?: number;
  /** Of all random choices of the test; when the processes get their turns is not ours to choose. */
  readonly seed: number;
  /** Tells how it goes; nothing in a short run. */
  report(line: string): void;
}

const SHORT = { kills: 10, notifications: 300, databaseKills: 3, seed: 20260101, leaseMs: 10_000 };
const LONG = { kills: 200, notifications: 10_000, databaseKills: 20 };

/** Odd numbers may come twice, even ones may not. */
export function policyOf(number: number): UnknownPolicy {
  return number % 2 === 0 ? 'hold' : 'resend';
}

/** Reads `CRASH_TEST=long`, and `CRASH_KILLS`, `CRASH_NOTIFICATIONS`, `CRASH_DATABASE_KILLS`, `CRASH_SEED` for other figures. */
export function readCrashPlan(env: Readonly<Record<string, string | undefined>>): CrashPlan {
  const isLong = env['CRASH_TEST'] === 'long';
  const usual = isLong ? { ...LONG, seed: Math.floor(Math.random() * 2 ** 31) } : SHORT;
  return {
    ...usual,
    kills: Number(env['CRASH_KILLS'] ?? usual.kills),
    databaseKills: Number(env['CRASH_DATABASE_KILLS'] ?? usual.databaseKills),
    notifications: Number(env['CRASH_NOTIFICATIONS'] ?? usual.notifications),
    seed: Number(env['CRASH_SEED'] ?? usual.seed),
    report: isLong ? (line) => process.stdout.write(`${line}\n`) : () => undefined,
  };
}
