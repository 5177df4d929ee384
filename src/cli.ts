#!/usr/bin/env node
// The command line: producers, keys and deliveries for operators, the app package, and the sandbox to try it all.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { config as loadDotenv } from 'dotenv';
import { createHookTools } from './app/hook-tools.ts';
import { addDatabaseCommands } from './cli/database-commands.ts';
import { addDeliveryCommands } from './cli/delivery-commands.ts';
import { addHookCommands, type HookTools } from './cli/hook-commands.ts';
import { addKeyCommands } from './cli/key-commands.ts';
import { parseWhole } from './cli/number-arguments.ts';
import { addPeopleCommands } from './cli/people-commands.ts';
import { addTemplateCommands } from './cli/template-commands.ts';
import { addTopicCommands } from './cli/topic-commands.ts';
import { addWebhookCommands } from './cli/webhook-commands.ts';
import { loadToolSettings, type ToolSettings } from './config/config.ts';
import { systemClock } from './domain/clock.ts';
import { AppError } from './domain/errors.ts';
import { describeFailure } from './failure-report.ts';
import { asksForReads, parseManifestSettings } from './manifest/settings.ts';
import { writeAppPackage } from './manifest/write-app-package.ts';
import { type AdministerDeps, addKey, addProducer, setProducerDisabled } from './producers/administer.ts';
import { SCOPES } from './producers/grant.ts';
import { runDemo } from './sandbox/run-demo.ts';
import { runSandbox } from './sandbox/run-sandbox.ts';
import type { StageTools } from './sandbox/stage.ts';
import { openStore } from './store/open-store.ts';

/** Opens the database that the settings name, beside a running service. */
const besideService = <T>(work: (deps: AdministerDeps) => Promise<T>): Promise<T> => withStore(work);
const readFile = (path: string): string => readFileSync(path, 'utf8');

function createProgram(): Command {
  const program = new Command('bellhop').description('Bellhop: notifications for Microsoft Teams').showHelpAfterError();
  const tools = { withStore: besideService, withHooks, readFile, print, remark };
  const group = (name: string, description: string) => program.command(name).description(description);
  addProducerCommands(group('producer', 'the systems that may send'));
  addKeyCommands(group('key', 'the API keys of producers'), tools);
  addHookCommands(group('hook', 'addresses that senders post to in their own dialects'), tools);
  addDeliveryCommands(group('delivery', 'what did not arrive, or has not gone out'), tools);
  addPeopleCommands(group('person', 'what is held about a person'), tools);
  addTemplateCommands(group('template', 'cards of producers that are filled with data'), tools);
  addTopicCommands(group('topic', 'what people subscribe to'), tools);
  addWebhookCommands(group('webhook', 'where producers are told what becomes of theirs'), tools);
  addDatabaseCommands(group('db', 'the database as a whole'), { databaseUrl: () => settings().databaseUrl, print });
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
  await writeAppPackage(reading.settings, { outFile: out, asksForReads: asksForReads(process.env) });
  print(`Wrote ${out}. Upload it in the Teams admin center, or in Teams under Apps > Manage your apps.\n`);
}

function settings(): ToolSettings {
  loadDotenv({ quiet: true });
  return loadToolSettings(process.env, readFile);
}

function withHooks<T>(work: (tools: HookTools) => Promise<T>): Promise<T> {
  return withStore((deps) => work({ ...deps, ...createHookTools(deps, settings()) }));
}

async function withStore<T>(work: (deps: AdministerDeps) => Promise<T>, url?: string): Promise<T> {
  const { store, clock } = await openStore(url ?? settings().databaseUrl, { isServer: false, clock: systemClock });
  try {
    return await work({ store, clock, randomBytes });
  } finally {
    await store.close();
  }
}

function parsePort(value: string): number {
  return parseWhole(value, 65_535);
}

function remark(text: string): void {
  process.stderr.write(text);
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
