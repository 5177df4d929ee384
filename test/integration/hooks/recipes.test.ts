// The recipes in docs/senders: what stands there is done here, word by word.

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIALECTS } from '../../../src/sources/dialects.ts';
import { shell } from '../../support/bellhop-command.ts';
import { nextCard } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'docs', 'senders');
const RECIPES = readdirSync(FOLDER).filter((file) => file.endsWith('.md'));

let service: RunningService;

beforeEach(async () => {
  service = await startService({ env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } });
  await installReachable(service, 'ana');
});

afterEach(() => service.stop());

test('each dialect has its recipe', () => {
  expect(RECIPES.toSorted()).toEqual(DIALECTS.map(({ name }) => `${name}.md`).toSorted());
});

test.each(RECIPES)('%s', async (file) => {
  const recipe = readFileSync(join(FOLDER, file), 'utf8');
  const [make = '', post = '', ...others] = [...recipe.matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, block]) => block ?? '',
  );
  const title = /reads \*\*(.+?)\*\*/.exec(recipe)?.[1] ?? '';
  expect(title).not.toBe('');

  const made = await shell(service, make);
  expect(made).toMatchObject({ status: 0 });
  const HOOK_URL = /^address +(\S+)$/m.exec(made.stdout)?.[1] ?? '';
  const HOOK_SECRET = /^secret +(\S+)$/m.exec(made.stdout)?.[1] ?? '';
  const card = nextCard(service.sandbox, title);
  for (const [at, script] of [post, ...others].entries()) {
    const posted = await shell(service, script, { HOOK_URL, HOOK_SECRET });
    expect([at, posted]).toEqual([
      at,
      expect.objectContaining({ status: 0, stdout: expect.not.stringContaining('urn:bellhop:problem') }),
    ]);
  }
  await card;
});
