// The commands for API keys: add, list, revoke.

import { type Command, Option } from 'commander';
import { systemClock } from '../domain/clock.ts';
import { type AdministerDeps, addKey, listKeys, revokeKey } from '../producers/administer.ts';
import { SCOPES, type Scope } from '../producers/grant.ts';
import type { ApiKeyRow } from '../store/statements/api-keys.ts';
import { parseWhole } from './number-arguments.ts';

const DAY_MS = 24 * 3_600_000;

/** What the commands work with. */
export interface KeyCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: AdministerDeps) => Promise<T>): Promise<T>;
  print(text: string): void;
  /** For what is no part of the result. */
  remark(text: string): void;
}

interface KeyAddOptions {
  readonly scope: readonly Scope[];
  readonly to: readonly string[];
  readonly expiresInDays?: number;
}

/** Adds them below `command`. */
export function addKeyCommands(command: Command, tools: KeyCommandTools): void {
  const { withStore, print, remark } = tools;
  const scopes = new Option('--scope <scope...>', 'what the key may do').choices(SCOPES).default(['send', 'read']);
  command
    .command('add <producer>')
    .description('make a key and show it this once')
    .addOption(scopes)
    .addOption(
      new Option('--to <recipient...>', 'the only recipients it may address: forms of "to", or *@domain').default(
        [],
        'anybody',
      ),
    )
    .option('--expires-in-days <days>', 'when it ends', parseDays)
    .action(async (producer: string, { scope, to, expiresInDays }: KeyAddOptions) => {
      const expiresAtMs = expiresInDays === undefined ? undefined : systemClock.nowMs() + expiresInDays * DAY_MS;
      const wish = { producer, scopes: scope, recipients: to, ...(expiresAtMs !== undefined && { expiresAtMs }) };
      const key = await withStore((deps) => addKey(deps, wish));
      print(`${key.text}\n`);
      remark(`Key ${key.keyId}: keep it safe, it is not shown again.\n`);
    });
  command
    .command('list [producer]')
    .description('list keys, newest first')
    .action(async (producer?: string) => {
      const keys = await withStore((deps) => listKeys(deps, producer));
      print(keys.map((key) => `${describeKey(key, systemClock.nowMs())}\n`).join('') || 'None.\n');
    });
  command
    .command('revoke <key-id>')
    .description('refuse a key from now on')
    .action(async (keyId: string) => {
      await withStore((deps) => revokeKey(deps, keyId));
      print('Revoked.\n');
    });
}

function describeKey(key: ApiKeyRow, nowMs: number): string {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const parts = [
    key.keyId,
    key.producer.name,
    key.scopes.join(','),
    key.recipients.length > 0 ? `to ${key.recipients.join(',')}` : 'to anybody',
    `made ${day(key.createdAtMs)}`,
    key.lastUsedAtMs === null ? 'never used' : `used ${day(key.lastUsedAtMs)}`,
  ];
  if (key.revokedAtMs !== null) {
    return [...parts, 'REVOKED'].join('  ');
  }
  if (key.expiresAtMs !== null) {
    parts.push(`${key.expiresAtMs <= nowMs ? 'EXPIRED' : 'expires'} ${day(key.expiresAtMs)}`);
  }
  return parts.join('  ');
}

function parseDays(value: string): number {
  return parseWhole(value, 3_650);
}
