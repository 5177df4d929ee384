// The command line beside a running service.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunningService } from './running-service.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bellhop` with these words on the database of the service. */
export function bellhop(service: RunningService, ...words: readonly string[]): Promise<Ended> {
  const env = { DATABASE_URL: `sqlite:${service.databasePath}`, PUBLIC_URL: service.url, ...keysOf(service) };
  return run(process.execPath, [`${ROOT}src/cli.ts`, ...words], { cwd: service.folder.path, env });
}

/**
 * Runs a script of bash as somebody would type it into a shell in the project's folder, but for its variables: they
 * are those of the service, and what is given.
 */
export function shell(
  service: RunningService,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const own = { DATABASE_URL: `sqlite:${service.databasePath}`, PUBLIC_URL: service.url, ...keysOf(service) };
  return run('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env: { ...process.env, ...own, ...env } });
}

function keysOf({ env }: RunningService): Readonly<Record<string, string>> {
  const key = env['ENCRYPTION_KEY'];
  return key === undefined ? {} : { ENCRYPTION_KEY: key };
}

function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
