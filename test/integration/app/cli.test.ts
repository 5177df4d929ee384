// The command line, as an operator types it, beside a running server.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type RunningService, startService } from '../../support/running-service.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

describe('the command line', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService();
  });

  afterAll(() => service.stop());

  /** Not waited for with the event loop stopped: the server lives in this process. */
  const bellhop = (...words: readonly string[]) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [CLI, ...words], {
        cwd: service.folder.path,
        env: { DATABASE_URL: `sqlite:${service.databasePath}` },
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.once('close', (status) => resolve({ status, stdout, stderr }));
    });

  const postWith = async (key: string) =>
    (await service.post({ to: ['nobody@contoso.com'], title: 'Deploy finished' }, { authorization: `Bearer ${key}` }))
      .status;

  test('makes a producer and a key that is good at once, and shows the key alone on standard output', async () => {
    expect(await bellhop('producer', 'add', 'build server')).toMatchObject({ status: 0 });
    const { status, stdout, stderr } = await bellhop('key', 'add', 'build server');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bhp_\w+\n$/);
    expect(stderr).toContain('not shown again');
    // 422: let in, and nobody to send to.
    expect(await postWith(stdout.trim())).toBe(422);
  });

  test('lists keys without their secrets, and a revoked one is refused from the next request on', async () => {
    await bellhop('producer', 'add', 'monitoring');
    const key = (await bellhop('key', 'add', 'monitoring', '--scope', 'send', '--to', '*@contoso.com')).stdout.trim();
    const [keyId = ''] = /(?<=^bhp_)\w{12}/.exec(key) ?? [];
    const listed = (await bellhop('key', 'list', 'monitoring')).stdout;
    expect(listed).toContain(`${keyId}  monitoring  send  to *@contoso.com`);
    expect(listed).not.toContain(key.slice(17));
    expect(await bellhop('key', 'revoke', keyId)).toMatchObject({ status: 0, stdout: 'Revoked.\n' });
    expect(await postWith(key)).toBe(401);
    expect((await bellhop('key', 'list', 'monitoring')).stdout).toContain('REVOKED');
  });

  test('refuses all keys of a disabled producer until it is enabled', async () => {
    await bellhop('producer', 'add', 'tickets');
    const key = (await bellhop('key', 'add', 'tickets')).stdout.trim();
    await bellhop('producer', 'disable', 'tickets');
    expect(await postWith(key)).toBe(401);
    await bellhop('producer', 'enable', 'tickets');
    expect(await postWith(key)).toBe(422);
  });

  test.each([
    ['a producer that exists', ['producer', 'add', 'ci'], 'exists already'],
    ['a key for nobody', ['key', 'add', 'nobody'], 'no producer named "nobody"'],
    ['an unknown key', ['key', 'revoke', 'nothing'], 'no active key'],
    ['an unknown scope', ['key', 'add', 'ci', '--scope', 'admin'], 'send, read, broadcast'],
    ['a recipient that is none', ['key', 'add', 'ci', '--to', 'ana'], 'Expected a recipient'],
    ['an unknown command', ['keys'], 'unknown command'],
  ])('says in one sentence what is wrong with %s', async (_what, words, sentence) => {
    const { status, stderr } = await bellhop(...words);
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('names every setting that the app package lacks, and exits with 78', async () => {
    const { status, stderr } = await bellhop('manifest');
    expect(status).toBe(78);
    expect(stderr).toMatch(/MicrosoftAppId[\s\S]*MANIFEST_DEVELOPER_NAME[\s\S]*MANIFEST_WEBSITE_URL/);
  });
});
