// Holds src/ to the architecture: what each room may know, and how code is written.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONFIG_KEYS } from '../../src/config/schema.ts';
import { MANIFEST_KEYS } from '../../src/manifest/settings.ts';
import { CODE_RULES } from './code-rules.ts';
import { checkPackages, checkRooms, findCycles } from './import-rules.ts';
import { compareKeys, keysOfEnvFile } from './setting-keys.ts';
import { type Finding, readSources, type Source } from './source.ts';

const ROOT = new URL('../../', import.meta.url);
const sources = readSources(fileURLToPath(new URL('src/', ROOT)));

const breaches = (rule: (source: Source) => readonly Finding[]) =>
  sources.flatMap((source) => rule(source).map(({ line, message }) => `src/${source.path}:${line} ${message}`));

describe('imports', () => {
  test('a room imports only what the table allows', () => {
    const paths = new Set(sources.map((source) => source.path));
    expect(breaches((source) => checkRooms(source, paths))).toEqual([]);
  });

  test('no files import one another in a circle', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  test('a package is a dependency, and imported in its room only', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));
    expect(breaches((source) => checkPackages(source, Object.keys(dependencies)))).toEqual([]);
  });
});

describe('code', () => {
  test.each(Object.entries(CODE_RULES))('%s', (_sentence, rule) => {
    expect(breaches(rule)).toEqual([]);
  });

  test('all of src is looked at', () => {
    expect(sources.map((source) => source.path)).toContain('domain/errors.ts');
  });
});

describe('settings', () => {
  test('.env.example shows every setting that is read, and no other', () => {
    const shown = keysOfEnvFile(readFileSync(new URL('.env.example', ROOT), 'utf8'));
    expect(compareKeys(shown, [...new Set([...CONFIG_KEYS, ...MANIFEST_KEYS])])).toEqual([]);
  });
});
