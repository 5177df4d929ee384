// The service as it is deployed: compiled, because Node.js running TypeScript takes more time to start, and more memory.

import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../src/domain/errors.ts';
import type { Resources } from './resources.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILD_TIMEOUT_MS = 60_000;

/** Compiles the service into a folder of its own. @returns its entry file */
export function buildService(resources: Resources): string {
  const folder = resources.folder();
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(
      process.execPath,
      [compiler, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')],
      { timeout: BUILD_TIMEOUT_MS, stdio: 'pipe' },
    );
  } catch (cause) {
    throw new AppError('internal', 'The service does not compile: try `npm run build`', { cause });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return join(folder, 'dist/main.js');
}
