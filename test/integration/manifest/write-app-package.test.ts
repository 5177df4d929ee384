import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { ManifestSettings } from '../../../src/manifest/settings.ts';
import { writeAppPackage } from '../../../src/manifest/write-app-package.ts';

const SETTINGS: ManifestSettings = {
  MicrosoftAppId: '6f1c4f0e-0b8e-4a43-9d0c-2a4de7a1c001',
  MANIFEST_ID: '6f1c4f0e-0b8e-4a43-9d0c-2a4de7a1c001',
  MANIFEST_VERSION: '1.0.0',
  MANIFEST_DEVELOPER_NAME: 'Contoso',
  MANIFEST_WEBSITE_URL: 'https://contoso.example',
  MANIFEST_PRIVACY_URL: 'https://contoso.example',
  MANIFEST_TERMS_URL: 'https://contoso.example',
};

describe('writing the app package', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bellhop-manifest-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("takes the installation's own parts, makes the folders and replaces an older file", async () => {
    const outFile = join(folder, 'dist', 'teams-app.zip');
    await writeAppPackage(SETTINGS, { outFile });
    const first = await readFile(outFile);
    await writeAppPackage({ ...SETTINGS, MANIFEST_VERSION: '1.0.1' }, { outFile });
    const second = unzipSync(await readFile(outFile));
    expect(Object.keys(unzipSync(first)).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(JSON.parse(strFromU8(second['manifest.json'] ?? new Uint8Array()))).toMatchObject({ version: '1.0.1' });
  });

  test('takes the parts of another folder when it is told one', async () => {
    await writeFile(join(folder, 'manifest.json'), `{"id":"\${{MANIFEST_ID}}"}`);
    await writeFile(join(folder, 'color.png'), 'color');
    await writeFile(join(folder, 'outline.png'), 'outline');
    const outFile = join(folder, 'app.zip');
    await writeAppPackage(SETTINGS, { outFile, partsDir: folder });
    const files = unzipSync(await readFile(outFile));
    expect(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))).toEqual({ id: SETTINGS.MANIFEST_ID });
    expect(strFromU8(files['color.png'] ?? new Uint8Array())).toBe('color');
  });
});
