// The commands for hooks: add, list, change, enable, disable, rotate, remove, test. They see all producers.

import { type Command, Option } from 'commander';
import { AppError } from '../domain/errors.ts';
import { PRIORITIES, SEVERITIES } from '../domain/notification.ts';
import { HOOK_AUTH_KINDS } from '../domain/source.ts';
import type { HookWithSecret } from '../hooks/hook-answers.ts';
import type { HookOwner } from '../hooks/hook-settings.ts';
import type { HookManagement } from '../hooks/manage-hooks.ts';
import type { createTryHook } from '../hooks/try-hook.ts';
import { type AdministerDeps, addProducer } from '../producers/administer.ts';
import { DIALECT_NAMES } from '../sources/dialect-names.ts';
import type { HookRow } from '../store/statements/hooks.ts';
import type { Store } from '../store/store.ts';
import { parseDuration, parseHeader, parsePayload } from './hook-arguments.ts';
import { parseWhole } from './number-arguments.ts';
import { type ReadFile, readText } from './read-files.ts';

/** The database, and what can be done with hooks in it. */
export interface HookTools extends AdministerDeps, HookManagement {
  readonly tryHook: ReturnType<typeof createTryHook>;
}

/** What the commands work with. */
export interface HookCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withHooks<T>(work: (hooks: HookTools) => Promise<T>): Promise<T>;
  readonly readFile: ReadFile;
  print(text: string): void;
  /** For what is no part of the result. */
  remark(text: string): void;
}

/** Options that both making and changing take. */
interface SettingOptions {
  readonly to?: readonly string[];
  readonly choose?: readonly string[] | true;
  readonly severity?: string;
  readonly priority?: string;
  readonly lifecycle?: boolean;
  readonly template?: string;
  readonly filter?: readonly string[];
  readonly origin?: string;
  readonly rate?: number;
}

interface AddOptions extends SettingOptions {
  readonly source: string;
  readonly producer?: string;
  readonly auth?: string;
  readonly secretFile?: string;
}

/** Adds them below `command`. */
export function addHookCommands(command: Command, tools: HookCommandTools): void {
  withSettings(command.command('add <name>').description('make an address that a sender posts to'))
    .addOption(new Option('--source <dialect>', 'who posts').choices(DIALECT_NAMES).makeOptionMandatory())
    .option('--producer <name>', 'whose it is; a producer of the same name when absent, made if there is none')
    .addOption(new Option('--auth <kind>', 'how the sender proves who it is').choices(HOOK_AUTH_KINDS))
    .option('--secret-file <file>', 'a file with the secret that the sender has made up')
    .action((name: string, options: AddOptions) => add(tools, name, options));
  withSettings(command.command('change <hook>').description('change a hook, by its id or name')).action(
    (hook: string, options: SettingOptions) => change(tools, hook, toFields(options)),
  );
  addLifeCommands(command, tools);
  command
    .command('test <hook>')
    .description('show what a payload would come to, and for whom; nothing is sent')
    .requiredOption('--payload <file>', 'what the sender would post')
    .option('--header <line...>', 'a header of the sender: "X-GitHub-Event: push"', [])
    .action((hook: string, options: { readonly payload: string; readonly header: readonly string[] }) =>
      test(tools, hook, options),
    );
}

function addLifeCommands(command: Command, tools: HookCommandTools): void {
  const { withHooks, print } = tools;
  command
    .command('list')
    .description('list all hooks by producer and name')
    .action(() => list(tools));
  for (const [verb, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    command
      .command(`${verb} <hook>`)
      .description(isEnabled ? 'let its sender in again' : 'take nothing from its sender from now on')
      .action((hook: string) => change(tools, hook, { isEnabled }));
  }
  command
    .command('rotate <hook>')
    .description('make a new secret and show it this once; the old one is good for a while')
    .option('--keep <duration>', 'how long: PT12H, P1D, up to P7D', parseDuration, 'P1D')
    .option('--secret-file <file>', 'a file with the secret that the sender has made up')
    .action((hook: string, options: { readonly keep: string; readonly secretFile?: string }) =>
      rotate(tools, hook, options),
    );
  command
    .command('remove <hook>')
    .description('remove a hook; its sender is refused from now on')
    .action(async (hook: string) => {
      await withHooks(async (hooks) => hooks.removeHook(await find(hooks, hook)));
      print('Removed.\n');
    });
}

function withSettings(command: Command): Command {
  return command
    .option('--to <recipient...>', 'who is told: forms of "to"')
    .option('--choose [recipient...]', 'whom the sender may name itself: forms of "to", *@domain; anybody when alone')
    .addOption(new Option('--severity <severity>', 'where the payload has none').choices(SEVERITIES))
    .addOption(new Option('--priority <priority>', 'bulk is quiet, urgent goes first').choices(PRIORITIES))
    .option('--no-lifecycle', 'a card for each event, also where several are about one thing')
    .option('--template <name>', 'a template of the producer that makes the cards')
    .option('--filter <filter...>', 'only what passes all of them: event=push, severity>=warning, actor!=*bot*')
    .option('--origin <host>', 'who may register it as a webhook of CloudEvents: eventgrid.azure.net')
    .option('--rate <requests>', 'requests a minute', (text) => parseWhole(text, 6_000));
}

function toFields({ to, choose, severity, priority, lifecycle, template, filter, origin, rate }: SettingOptions) {
  return {
    ...(to && { to }),
    ...(choose !== undefined && { choosable: choose === true ? [] : choose }),
    ...(severity !== undefined && { severity }),
    ...(priority !== undefined && { priority }),
    ...(lifecycle === false && { lifecycle }),
    ...(template !== undefined && { template }),
    ...(filter && { filters: filter }),
    ...(origin !== undefined && { origin }),
    ...(rate !== undefined && { ratePerMinute: rate }),
  };
}

async function add(tools: HookCommandTools, name: string, options: AddOptions): Promise<void> {
  const { source, producer = name, auth, secretFile } = options;
  const secret = readSecret(tools, secretFile);
  const json = { name, source, ...(auth && { auth }), ...(secret && { secret }), ...toFields(options) };
  const hook = await tools.withHooks(async (hooks) => {
    const found = await hooks.store.read.producers.findByName(producer);
    const { id } = found ?? (await addProducer(hooks, producer));
    return hooks.addHook({ owner: operatorFor(id), json });
  });
  show(tools, hook);
  tools.remark(`How ${source} is told: docs/senders/${source}.md\n`);
}

async function change({ withHooks, print }: HookCommandTools, hook: string, json: object): Promise<void> {
  await withHooks(async (hooks) => hooks.changeHook({ ...(await find(hooks, hook)), json }));
  print('Changed.\n');
}

async function rotate(
  tools: HookCommandTools,
  hook: string,
  { keep, secretFile }: { readonly keep: string; readonly secretFile?: string },
): Promise<void> {
  const secret = readSecret(tools, secretFile);
  const json = { keepPreviousFor: keep, ...(secret && { secret }) };
  show(tools, await tools.withHooks(async (hooks) => hooks.rotateHook({ ...(await find(hooks, hook)), json })));
}

/** On lines of their own, so that a script can take them. */
function show({ print, remark }: HookCommandTools, { url, secretUrl, secret, auth }: HookWithSecret): void {
  print(`address  ${secretUrl ?? url}\n`);
  if (secretUrl === null && secret !== null) {
    print(`secret   ${secret}\n`);
  }
  remark(
    auth === 'key'
      ? 'Its sender presents an API key of the producer: bellhop key add.\n'
      : `Keep the ${secretUrl === null ? 'secret' : 'address'} safe, it is not shown again.\n`,
  );
}

async function list({ withHooks, print }: HookCommandTools): Promise<void> {
  const hooks = await withHooks(({ store }) => store.read.hooks.list());
  print(hooks.map((hook) => `${describeHook(hook)}\n`).join('') || 'None.\n');
}

function describeHook({ publicId, name, producerName, dialect, auth, settings, disabledAtMs }: HookRow): string {
  const { to, choosable, filters } = settings;
  const parts = [
    publicId,
    name === producerName ? name : `${name} (${producerName})`,
    dialect,
    auth,
    to.length > 0 ? `to ${to.join(',')}` : 'to whom the sender names',
    ...(to.length > 0 && choosable ? ['or whom the sender names'] : []),
    ...filters,
    ...(disabledAtMs === null ? [] : ['DISABLED']),
  ];
  return parts.join('  ');
}

async function test(
  tools: HookCommandTools,
  hook: string,
  { payload, header }: { readonly payload: string; readonly header: readonly string[] },
): Promise<void> {
  const json = {
    payload: parsePayload(readText(tools.readFile, payload)),
    headers: Object.fromEntries(header.map(parseHeader)),
  };
  const trial = await tools.withHooks(async (hooks) => {
    const { id, owner } = await find(hooks, hook);
    return hooks.tryHook({ id, producerId: owner.producerId, json });
  });
  tools.print(`${JSON.stringify(trial, undefined, 2)}\n`);
}

/** @throws AppError `not_found`; `conflict` when several producers have a hook of this name */
async function find({ store }: { readonly store: Store }, named: string) {
  const hooks = await store.read.hooks.list();
  const [hook, ...others] = hooks.filter(({ publicId, name }) => publicId === named || name === named);
  if (!hook) {
    throw new AppError('not_found', `There is no hook "${named}". \`hook list\` shows them all`);
  }
  if (others.length > 0) {
    throw new AppError('conflict', `Several producers have a hook "${named}". Use its id, \`hook list\` shows it`);
  }
  return { id: hook.publicId, owner: operatorFor(hook.producerId) };
}

/** Who has the database may do everything. */
function operatorFor(producerId: number): HookOwner {
  return { producerId, canSend: true, canBroadcast: true, canSendCards: true, canPassQuiet: true, recipients: [] };
}

function readSecret(tools: HookCommandTools, file: string | undefined): string | undefined {
  return file === undefined ? undefined : readText(tools.readFile, file).trim();
}
