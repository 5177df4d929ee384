// The parts under test are the ones in manifest/: what is checked here is what people upload.

import { readFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { strFromU8, unzipSync } from 'fflate';
import { buildAppPackage, type PackageParts } from '../../../src/manifest/app-package.ts';
import type { ManifestSettings } from '../../../src/manifest/settings.ts';
import { startsAsPoll } from '../../../src/polls/parse-poll.ts';
import { parseCommand } from '../../../src/preferences/parse-command.ts';
import { startsAsTell } from '../../../src/tells/parse-tell.ts';

const SETTINGS: ManifestSettings = {
  MicrosoftAppId: '6f1c4f0e-0b8e-4a43-9d0c-2a4de7a1c001',
  MANIFEST_ID: '0d2b8d4c-7d65-4f6c-8a5e-5f0b6a1c0002',
  MANIFEST_VERSION: '1.2.3',
  MANIFEST_DEVELOPER_NAME: 'Contoso "IT", $& Sons',
  MANIFEST_WEBSITE_URL: 'https://contoso.example/bellhop',
  MANIFEST_PRIVACY_URL: 'https://contoso.example/privacy',
  MANIFEST_TERMS_URL: 'https://contoso.example/terms',
};

const readPart = (name: string) => readFileSync(new URL(`../../../manifest/${name}`, import.meta.url));
const PARTS: PackageParts = {
  template: readPart('manifest.json').toString(),
  colorIcon: readPart('color.png'),
  outlineIcon: readPart('outline.png'),
};

interface ListedCommand {
  readonly title: string;
  readonly description: string;
}

interface Manifest {
  readonly manifestVersion: string;
  readonly bots: readonly {
    readonly scopes: readonly string[];
    readonly commandLists: readonly {
      readonly scopes: readonly string[];
      readonly commands: readonly ListedCommand[];
    }[];
  }[];
}

const unpack = (zip: Uint8Array) => unzipSync(zip);
const manifestOf = (zip: Uint8Array): Manifest =>
  JSON.parse(strFromU8(unpack(zip)['manifest.json'] ?? new Uint8Array()));

const officialSchema = (version: string) => {
  const path = `../../../node_modules/@microsoft/app-manifest/build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
};

const problemsOf = (manifest: Manifest) =>
  AppManifestUtils.validateAgainstSchema(
    manifest as unknown as Parameters<typeof AppManifestUtils.validateAgainstSchema>[0],
    officialSchema(manifest.manifestVersion),
  );

describe('the app package', () => {
  const zip = buildAppPackage(SETTINGS, PARTS);
  const manifest = manifestOf(zip);

  test('holds the manifest and both icons at its root, and nothing else', () => {
    const files = unpack(zip);
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(Buffer.from(files['color.png'] ?? []).equals(PARTS.colorIcon)).toBe(true);
    expect(Buffer.from(files['outline.png'] ?? []).equals(PARTS.outlineIcon)).toBe(true);
  });

  test("keeps to Microsoft's own schema of its manifest version", async () => {
    expect(await problemsOf(manifest)).toEqual([]);
  });

  test('would be refused by that schema with a field the version does not know', async () => {
    expect(await problemsOf({ ...manifest, packageName: 'bellhop' } as Manifest)).not.toEqual([]);
  });

  test('carries every setting where Teams looks for it, whatever characters it has', () => {
    expect(manifest).toMatchObject({
      id: SETTINGS.MANIFEST_ID,
      version: '1.2.3',
      developer: {
        name: 'Contoso "IT", $& Sons',
        websiteUrl: 'https://contoso.example/bellhop',
        privacyUrl: 'https://contoso.example/privacy',
        termsOfUseUrl: 'https://contoso.example/terms',
      },
      bots: [{ botId: SETTINGS.MicrosoftAppId }],
    });
    expect(JSON.stringify(manifest)).not.toContain('{{');
  });

  test('offers the bot in personal chats first, in teams and in group chats, with commands in each', () => {
    expect(manifest).toMatchObject({ defaultInstallScope: 'personal', bots: [{ isNotificationOnly: false }] });
    const [bot] = manifest.bots;
    expect(bot?.scopes).toEqual(['personal', 'team', 'groupChat']);
    expect(bot?.commandLists.map((list) => list.scopes)).toEqual([['personal'], ['team'], ['groupChat']]);
    expect(bot?.commandLists.every((list) => list.commands.length > 0)).toBe(true);
  });

  test('lists only commands that the bot understands, and explains them with examples that it understands, too', () => {
    const isUnderstood = (text: string) => {
      const reading = parseCommand(text);
      const needsMore = reading.kind === 'answer' && reading.answer.kind !== 'notUnderstood';
      return startsAsTell(text) || startsAsPoll(text) || reading.kind === 'command' || needsMore;
    };
    const commands = manifest.bots.flatMap((bot) => bot.commandLists.flatMap((list) => list.commands));
    const examples = commands.flatMap(({ description }) => description.split(': ').slice(1));
    expect(examples.length).toBeGreaterThan(3);
    const texts = [...commands.map(({ title }) => title), ...examples];
    expect(texts.filter((text) => !isUnderstood(text))).toEqual([]);
  });

  const asking = /^(permissions|devicePermissions|authorization|webApplicationInfo)$/;

  test('asks for one permission, to be told who has read its messages, and for no foreign domain', () => {
    expect(Object.keys(manifest).filter((key) => asking.test(key))).toEqual(['webApplicationInfo', 'authorization']);
    expect(manifest).toMatchObject({
      authorization: {
        permissions: { resourceSpecific: [{ name: 'ChatMessageReadReceipt.Read.Chat', type: 'Application' }] },
      },
      webApplicationInfo: { id: SETTINGS.MicrosoftAppId },
      validDomains: [],
    });
  });

  test('asks for no permission where read receipts are switched off', async () => {
    const silent = manifestOf(buildAppPackage(SETTINGS, PARTS, { asksForReads: false }));
    expect(Object.keys(silent).filter((key) => asking.test(key))).toEqual([]);
    expect(await problemsOf(silent)).toEqual([]);
  });

  test('has the same bytes for the same settings, whenever it is built', () => {
    jest.useFakeTimers({ now: Date.UTC(2031, 4, 5) });
    const later = buildAppPackage(SETTINGS, PARTS);
    jest.useRealTimers();
    expect(Buffer.from(later).equals(zip)).toBe(true);
  });

  test('is not built from a template with an unknown placeholder', () => {
    const template = `{ "id": "\${{TEAMS_APP_ID}}" }`;
    expect(() => buildAppPackage(SETTINGS, { ...PARTS, template })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('TEAMS_APP_ID') }),
    );
  });

  test('is not built from a template that is no JSON', () => {
    expect(() => buildAppPackage(SETTINGS, { ...PARTS, template: '{' })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});
