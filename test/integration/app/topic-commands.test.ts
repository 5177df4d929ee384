// Topics by the command line, as an operator types it.

import { join } from 'node:path';
import { Command } from 'commander';
import { addTopicCommands } from '../../../src/cli/topic-commands.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { installPerson } from '../../support/store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

let folder: TemporaryFolder;
let store: Store;

beforeEach(() => {
  folder = createTemporaryFolder();
  store = openSqliteStore({ path: join(folder.path, 'bellhop.db'), isServer: false });
});

afterEach(async () => {
  await store.close();
  folder.remove();
});

/** Runs a command in this process. @returns what it prints, and what it remarks beside it */
async function bellhop(...words: readonly string[]) {
  const said = { printed: '', remarked: '' };
  const command = new Command('topic');
  addTopicCommands(command, {
    withStore: (work) => work({ store, clock: new ManualClock() }),
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

test('a topic is created, described, listed and deleted', async () => {
  expect((await bellhop('list')).printed).toBe('None.\n');
  expect((await bellhop('create', 'Deploys', 'Deployments')).printed).toBe('Created.\n');
  expect((await bellhop('describe', 'deploys', 'Every deployment')).printed).toBe('Changed.\n');
  expect((await bellhop('list')).printed).toBe('deploys  0  Every deployment\n');
  expect((await bellhop('delete', 'DEPLOYS')).printed).toBe('Deleted.\n');
  expect((await bellhop('list')).printed).toBe('None.\n');
});

test('people are subscribed and unsubscribed, and who is unknown is told', async () => {
  await installPerson(store, { index: 1, nowMs: 0 });
  await bellhop('create', 'deploys', 'Deployments');
  const both = ['person1@contoso.com', 'nobody@contoso.com'];
  expect(await bellhop('subscribe', 'deploys', ...both)).toEqual({
    printed: 'Subscribed 1.\n',
    remarked: expect.stringMatching(/^nobody@contoso\.com: Nobody with this identity/),
  });
  expect((await bellhop('subscribe', 'deploys', 'person1@contoso.com')).printed).toBe(
    'Subscribed 0, 1 had subscribed already.\n',
  );
  expect((await bellhop('list')).printed).toBe('deploys  1  Deployments\n');
  expect((await bellhop('unsubscribe', 'deploys', 'person1@contoso.com')).printed).toBe('Unsubscribed 1.\n');
  expect((await bellhop('unsubscribe', 'deploys', 'person1@contoso.com')).printed).toBe(
    'Unsubscribed 0, 1 had not subscribed.\n',
  );
});

test.each([
  [['describe', 'deploys', 'x'], 'not_found'],
  [['delete', 'deploys'], 'not_found'],
  [['subscribe', 'deploys', 'ana@contoso.com'], 'not_found'],
  [['create', 'a b', 'x'], 'invalid_request'],
  [['create', 'deploys', ''], 'invalid_request'],
])('%j is refused', async (words, code) => {
  await expect(bellhop(...words)).rejects.toMatchObject({ code });
});

test('a topic that is there is not created again', async () => {
  await bellhop('create', 'deploys', 'Deployments');
  await expect(bellhop('create', 'Deploys', 'x')).rejects.toMatchObject({ code: 'already_exists' });
});
