#!/usr/bin/env node
// The command line: producers, keys and deliveries for operators, the app package, and the sandbox to try it all.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { config as loadDotenv } from 'dotenv';
import { addDatabaseCommands } from './cli/database-commands.ts';
import { addDeliveryCommands } from './cli/delivery-commands.ts';
import { addPeopleCommands } from './cli/people-commands.ts';
import { addTemplateCommands } from './cli/template-commands.ts';
import { addWebhookCommands } from './cli/webhook-commands.ts';
import { loadDatabaseUrl } from './config/config.ts';
import { systemClock } from './domain/clock.ts';
import { AppError } from './domain/errors.ts';
import { describeFailure } from './failure-report.ts';
import { parseManifestSettings } from './manifest/settings.ts';
import { writeAppPackage } from './manifest/write-app-package.ts';
import {
  type AdministerDeps,
  addKey,
  addProducer,
  listKeys,
  revokeKey,
  setProducerDisabled,
} from './producers/administer.ts';
import { SCOPES, type Scope } from './producers/grant.ts';
import { runDemo } from './sandbox/run-demo.ts';
import { runSandbox } from './sandbox/run-sandbox.ts';
import type { StageTools } from './sandbox/stage.ts';
import { openStore } from './store/open-store.ts';
import type { ApiKeyRow } from './store/statements/api-keys.ts';

const DAY_MS = 24 * 3_600_000;

function createProgram(): Command {
  const program = new Command('bellhop').description('Bellhop: notifications for Microsoft Teams').showHelpAfterError();
  addProducerCommands(program.command('producer').description('the systems that may send'));
  addKeyCommands(program.command('key').description('the API keys of producers'));
  addDeliveryCommands(program.command('delivery').description('what did not arrive, or has not gone out'), {
    withStore: (work) => withStore(work),
    print,
  });
  addPeopleCommands(program.command('person').description('what is held about a person'), {
    withStore: (work) => withStore(work),
    print,
  });
  addTemplateCommands(program.command('template').description('cards of producers that are filled with data'), {
    withStore: (work) => withStore(work),
    readFile: (path) => readFileSync(path, 'utf8'),
    print,
    remark: (text) => process.stderr.write(text),
  });
  addWebhookCommands(program.command('webhook').description('where producers are told what becomes of theirs'), {
    withStore: (work) => withStore(work),
    print,
  });
  addDatabaseCommands(program.command('db').description('the database as a whole'), { databaseUrl, print });
  addSandboxCommands(program);
  program
    .command('manifest')
    .description('write the app package that is uploaded to Teams')
    .option('--out <file>', 'where to write it', 'dist/teams-app.zip')
    .action(writeManifest);
  return program;
}

function addProducerCommands(command: Command): void {
  command
    .command('add <name>')
    .description('add a producer; its name is shown on its cards')
    .option('--tenant <id>', 'let it reach people of this tenant only')
    .action(async (name: string, { tenant }: { tenant?: string }) => {
      await withStore((deps) => addProducer(deps, name, tenant?.toLowerCase()));
      print(`Added. Give it a key with: bellhop key add "${name}"\n`);
    });
  command
    .command('disable <name>')
    .description('refuse all its keys from now on')
    .action((name: string) => withStore((deps) => setProducerDisabled(deps, name, true)));
  command
    .command('enable <name>')
    .description('let its keys in again')
    .action((name: string) => withStore((deps) => setProducerDisabled(deps, name, false)));
  command
    .command('list')
    .description('list all producers')
    .action(async () => {
      const producers = await withStore(({ store }) => store.read.producers.list());
      print(producers.map(({ name, tenantId }) => `${name}${tenantId ? `  (tenant ${tenantId})` : ''}\n`).join(''));
    });
}

interface KeyAddOptions {
  readonly scope: readonly Scope[];
  readonly to: readonly string[];
  readonly expiresInDays?: number;
}

function addKeyCommands(command: Command): void {
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
      process.stderr.write(`Key ${key.keyId}: keep it safe, it is not shown again.\n`);
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

function addSandboxCommands(program: Command): void {
  program
    .command('sandbox')
    .description('run the service with a stand-in for Teams, on this machine')
    .option('--port <port>', 'port of the page', parsePort, 3979)
    .option('--service-port <port>', 'port of the service', parsePort, 3978)
    .option('--folder <folder>', 'where the data goes; made anew at each start', 'data')
    .action(async (options: { port: number; servicePort: number; folder: string }) => {
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => stop.abort());
      }
      const { port: sandboxPort, servicePort, folder } = options;
      process.exitCode = await runSandbox(stageTools, { sandboxPort, servicePort, folder }, stop.signal);
    });
  program
    .command('demo')
    .description('play the whole story: install, welcome, event, crash, recovery')
    .action(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bellhop-demo-'));
      try {
        await runDemo(stageTools, folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

const stageTools: StageTools & { print(text: string): void } = {
  mainPath: fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url)),
  print,
  createApiKey: (databasePath) =>
    withStore(async (deps) => {
      await addProducer(deps, 'build server');
      return (await addKey(deps, { producer: 'build server', scopes: SCOPES, recipients: [] })).text;
    }, `sqlite:${databasePath}`),
};

async function writeManifest({ out }: { readonly out: string }): Promise<void> {
  loadDotenv({ quiet: true });
  const reading = parseManifestSettings(process.env);
  if (reading.kind === 'faults') {
    const faults = reading.faults.map(({ key, expected, remedy }) => ({
      pointer: key,
      detail: `Expected ${expected}. ${remedy}`,
    }));
    throw new AppError('config_invalid', `${faults.length} setting(s) are missing or wrong`, { faults });
  }
  await writeAppPackage(reading.settings, { outFile: out });
  print(`Wrote ${out}. Upload it in the Teams admin center, or in Teams under Apps > Manage your apps.\n`);
}

function databaseUrl(): string {
  loadDotenv({ quiet: true });
  return loadDatabaseUrl(process.env, (path) => readFileSync(path, 'utf8'));
}

/** Opens the database that the settings name, beside a running service. */
async function withStore<T>(work: (deps: AdministerDeps) => Promise<T>, url?: string): Promise<T> {
  const { store, clock } = await openStore(url ?? databaseUrl(), { isServer: false, clock: systemClock });
  try {
    return await work({ store, clock, randomBytes });
  } finally {
    await store.close();
  }
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

function parsePort(value: string): number {
  return parseWhole(value, 65_535);
}

function parseDays(value: string): number {
  return parseWhole(value, 3_650);
}

function parseWhole(value: string, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= max)) {
    throw new InvalidArgumentError(`Expected a whole number up to ${max}.`);
  }
  return number;
}

function print(text: string): void {
  process.stdout.write(text);
}

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = error instanceof AppError && error.code === 'config_invalid' ? 78 : 1;
  });
