// The commands for the templates of a producer: add, list, test, remove.

import type { Command } from 'commander';
import { checkCard } from '../domain/card-check.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { TemplateKey } from '../store/statements/templates.ts';
import type { Store } from '../store/store.ts';
import { previewTemplate, putTemplate, removeTemplate } from '../templates/administer.ts';
import { type ReadFile, readJsonFile } from './read-files.ts';

/** What the commands work with. */
export interface TemplateCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: { readonly store: Store; readonly clock: Clock }) => Promise<T>): Promise<T>;
  readonly readFile: ReadFile;
  print(text: string): void;
  /** For what is no part of the result. */
  remark(text: string): void;
}

/** Adds them below `command`. */
export function addTemplateCommands(command: Command, tools: TemplateCommandTools): void {
  command
    .command('add <producer> <name>')
    .description('make a template of a producer, or change the one of this name')
    .requiredOption('--file <file>', 'JSON with card, summary and sample, and title if you like')
    .action((producer: string, name: string, { file }: { readonly file: string }) =>
      add(tools, { producer, name }, file),
    );
  command
    .command('list [producer]')
    .description('list templates by producer and name')
    .action((producer?: string) => list(tools, producer));
  command
    .command('test <producer> <name>')
    .description('print the card that a template makes of data; nothing is sent')
    .option('--data <file>', 'JSON of the data; the sample of the template when absent')
    .action((producer: string, name: string, { data }: { readonly data?: string }) =>
      test(tools, { producer, name }, data),
    );
  command
    .command('remove <producer> <name>')
    .description('remove a template; what was accepted with it is sent all the same')
    .action((producer: string, name: string) => remove(tools, { producer, name }));
}

/** A template, as an operator names it. */
interface TemplateWords {
  readonly producer: string;
  readonly name: string;
}

async function add(tools: TemplateCommandTools, words: TemplateWords, file: string): Promise<void> {
  const json = readJsonFile(tools.readFile, file);
  const { isNew, template } = await tools.withStore(async ({ store, clock }) =>
    putTemplate({ store, clock, checkCard }, await findKey(store, words), json),
  );
  tools.print(isNew ? 'Added.\n' : 'Changed.\n');
  remarkWarnings(tools, template.warnings);
}

async function list({ withStore, print }: TemplateCommandTools, producer: string | undefined): Promise<void> {
  const entries = await withStore(async ({ store }) => {
    const owner = producer === undefined ? undefined : (await findKey(store, { producer, name: '' })).producerId;
    return store.read.templates.list(owner);
  });
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  print(
    entries.map((one) => `${one.producerName}  ${one.name}  changed ${day(one.updatedAtMs)}\n`).join('') || 'None.\n',
  );
}

async function test(tools: TemplateCommandTools, words: TemplateWords, file: string | undefined): Promise<void> {
  const json = file === undefined ? {} : { data: readJsonFile(tools.readFile, file) };
  const { card, summary, units, warnings } = await tools.withStore(async ({ store }) =>
    previewTemplate({ store, checkCard }, await findKey(store, words), json),
  );
  tools.print(`${JSON.stringify(card, undefined, 2)}\n`);
  tools.remark(`Summary: ${summary}\nThe card is ${units} UTF-16 units long.\n`);
  remarkWarnings(tools, warnings);
}

async function remove({ withStore, print }: TemplateCommandTools, words: TemplateWords): Promise<void> {
  await withStore(async ({ store }) => removeTemplate({ store }, await findKey(store, words)));
  print('Removed.\n');
}

/** @throws AppError `not_found` for an unknown producer */
async function findKey(store: Store, { producer, name }: TemplateWords): Promise<TemplateKey> {
  const found = await store.read.producers.findByName(producer);
  if (!found) {
    throw new AppError('not_found', `There is no producer named "${producer}". \`producer list\` shows the names`);
  }
  return { producerId: found.id, name };
}

function remarkWarnings(
  { remark }: TemplateCommandTools,
  warnings: readonly { readonly pointer?: string | undefined; readonly detail: string }[],
): void {
  for (const { pointer = '', detail } of warnings) {
    remark(`${pointer}: ${detail}\n`);
  }
}
