// The service as a process that is given wrong settings.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

const NODE = resolve('node_modules/.bin/node');
const MAIN = resolve('src/main.ts');

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder();
});

afterEach(() => folder.remove());

/** Runs the service in a folder of its own and waits for its end. */
function runMain(env: Record<string, string>): Promise<{ exitCode: unknown; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { cwd: folder.path, env, timeout: 15_000 };
    execFile(NODE, [MAIN], options, (error, stdout, stderr) => done({ exitCode: error?.code ?? 0, stdout, stderr }));
  });
}

test('it ends with 78 and one line for each fault, and prints no secret', async () => {
  const secrets = { MicrosoftAppPassword: 'canary-password', METRICS_TOKEN: 'canary-token' };
  const { exitCode, stdout, stderr } = await runMain({ ...secrets, PORT: 'x', SANDBOX_URL: 'http://sandbox:3979' });
  expect(exitCode).toBe(78);
  expect(stdout).toBe('');
  const [headline, ...lines] = stderr.trimEnd().split('\n');
  expect(headline).toMatch(/^Bellhop cannot go on: 5 setting\(s\) are missing or wrong\.$/);
  expect(lines.map((line) => line.split(':')[0]?.trim()).sort()).toEqual(
    ['METRICS_TOKEN', 'MicrosoftAppId', 'MicrosoftAppTenantId', 'PORT', 'SANDBOX_URL'].sort(),
  );
  expect(stderr).not.toContain('canary');
});

test('it reads the file .env of its folder too', async () => {
  writeFileSync(join(folder.path, '.env'), 'LOG_LEVEL=loud\nMicrosoftAppPassword=canary-password\n');
  const { exitCode, stderr } = await runMain({});
  expect(exitCode).toBe(78);
  expect(stderr).toContain('  LOG_LEVEL: Expected one of debug, info, warn, error, silent, got "loud"\n');
  expect(stderr).not.toContain('MicrosoftAppPassword');
  expect(stderr).not.toContain('canary');
});
