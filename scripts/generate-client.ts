// Writes the types of the client from the API's document; with --check it only says whether they are up to date.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApiDocument } from './api-document.ts';
import { writeApiTypes } from './api-types.ts';

const FILE = new URL('../src/client/api-types.ts', import.meta.url);
const BIOME = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));

const text = execFileSync(BIOME, ['format', `--stdin-file-path=${fileURLToPath(FILE)}`], {
  input: writeApiTypes(createApiDocument()),
  encoding: 'utf8',
});
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('src/client/api-types.ts is not what the API says of itself: run `npm run client`\n');
  process.exitCode = 1;
}
