// Templates by the command line, as an operator types it.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { addTemplateCommands } from '../../../src/cli/template-commands.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { ORDER_TEMPLATE as TEMPLATE } from '../../support/order-template.ts';
import { addProducer } from '../../support/store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

let folder: TemporaryFolder;
let path: string;
let store: Store;

beforeEach(async () => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'bellhop.db');
  store = openSqliteStore({ path, isServer: false });
  await addProducer(store, 'ci');
});

afterEach(async () => {
  await store.close();
  folder.remove();
});

/** Runs a command in this process. @returns what it prints, and what it remarks beside it */
async function bellhop(...words: readonly string[]) {
  const said = { printed: '', remarked: '' };
  const command = new Command('template');
  addTemplateCommands(command, {
    withStore: (work) => work({ store, clock: new ManualClock() }),
    readFile: (file) => readFileSync(file, 'utf8'),
    print: (text) => {
      said.printed += text;
    },
    remark: (text) => {
      said.remarked += text;
    },
  });
  await command.parseAsync(words, { from: 'user' });
  return said;
}

function fileOf(name: string, json: unknown): string {
  const file = join(folder.path, name);
  writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
  return file;
}

test('a template is added, changed, listed, tested and removed', async () => {
  const file = fileOf('order.json', TEMPLATE);
  expect(await bellhop('add', 'ci', 'order', '--file', file)).toEqual({ printed: 'Added.\n', remarked: '' });
  expect((await bellhop('add', 'ci', 'order', '--file', file)).printed).toBe('Changed.\n');
  expect((await bellhop('list', 'ci')).printed).toMatch(/^ci {2}order {2}changed \d{4}-\d\d-\d\d\n$/);
  const { printed, remarked } = await bellhop('test', 'ci', 'order', '--data', fileOf('data.json', { id: 'C3' }));
  expect(JSON.parse(printed)).toMatchObject({ body: [{ text: '**Order C3** of ' }, { facts: [] }] });
  expect(remarked).toContain('/card/body/0/text: ${customer}');
  expect(JSON.parse((await bellhop('test', 'ci', 'order')).printed)).toMatchObject({
    body: [{ text: '**Order A1** of Ana' }, {}],
  });
  expect((await bellhop('remove', 'ci', 'order')).printed).toBe('Removed.\n');
  expect((await bellhop('list')).printed).toBe('None.\n');
});

test('what is wrong is told, and where', async () => {
  const card = { ...TEMPLATE.card, body: [{ type: 'TextBlock', text: '${newGuid()}' }] };
  const bad = fileOf('bad.json', { ...TEMPLATE, card });
  await expect(bellhop('add', 'ci', 'bad', '--file', bad)).rejects.toMatchObject({
    code: 'invalid_request',
    faults: [{ pointer: '/card/body/0/text' }],
  });
  const add = (file: string) => bellhop('add', 'ci', 'bad', '--file', file);
  await expect(add(fileOf('no.json', '{"secret"'))).rejects.toMatchObject({ code: 'invalid_json' });
  await expect(add(fileOf('deep.json', '['.repeat(50_000)))).rejects.toMatchObject({ code: 'invalid_json' });
  const deep = { ...TEMPLATE, sample: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) };
  await expect(add(fileOf('deep.json', deep))).rejects.toMatchObject({ faults: [{ pointer: '/sample' }] });
  await expect(add(join(folder.path, 'nowhere.json'))).rejects.toMatchObject({ code: 'not_found' });
  await expect(bellhop('test', 'nobody', 'order')).rejects.toMatchObject({ code: 'not_found' });
  await expect(bellhop('remove', 'ci', 'order')).rejects.toMatchObject({ code: 'not_found' });
});

test('the program has these commands', async () => {
  await bellhop('add', 'ci', 'order', '--file', fileOf('order.json', TEMPLATE));
  const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
  const options = { cwd: folder.path, env: { DATABASE_URL: `sqlite:${path}` } };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'template', 'list'], options);
  expect(stdout).toMatch(/^ci {2}order /);
});
