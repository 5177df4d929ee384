import { asksForReads, parseManifestSettings } from '../../../src/manifest/settings.ts';

const APP_ID = '6f1c4f0e-0b8e-4a43-9d0c-2a4de7a1c001';
const COMPLETE = {
  MicrosoftAppId: APP_ID,
  MANIFEST_DEVELOPER_NAME: 'Contoso',
  MANIFEST_WEBSITE_URL: 'https://contoso.example/bellhop',
};

const faultyKeys = (env: Record<string, string | undefined>) => {
  const reading = parseManifestSettings(env);
  return reading.kind === 'faults' ? reading.faults.map((fault) => fault.key) : [];
};

describe('manifest settings', () => {
  test('the app id, the website and version 1.0.0 stand in for what is left out', () => {
    expect(parseManifestSettings(COMPLETE)).toEqual({
      kind: 'settings',
      settings: {
        ...COMPLETE,
        MANIFEST_ID: APP_ID,
        MANIFEST_VERSION: '1.0.0',
        MANIFEST_PRIVACY_URL: COMPLETE.MANIFEST_WEBSITE_URL,
        MANIFEST_TERMS_URL: COMPLETE.MANIFEST_WEBSITE_URL,
      },
    });
  });

  test('what is given is taken, without the space around it', () => {
    const given = {
      ...COMPLETE,
      MANIFEST_ID: '0d2b8d4c-7d65-4f6c-8a5e-5f0b6a1c0002',
      MANIFEST_VERSION: '2.10.3',
      MANIFEST_PRIVACY_URL: 'https://contoso.example/privacy',
      MANIFEST_TERMS_URL: 'https://contoso.example/terms',
    };
    const reading = parseManifestSettings({ ...given, MANIFEST_DEVELOPER_NAME: '  Contoso ' });
    expect(reading).toEqual({ kind: 'settings', settings: given });
  });

  test('everything that is missing is reported at once, and defaults are not', () => {
    expect(faultyKeys({})).toEqual(['MicrosoftAppId', 'MANIFEST_DEVELOPER_NAME', 'MANIFEST_WEBSITE_URL']);
  });

  test('a blank value counts as missing', () => {
    expect(faultyKeys({ ...COMPLETE, MicrosoftAppId: ' ', MANIFEST_ID: '' })).toEqual(['MicrosoftAppId']);
  });

  test.each([
    ['MicrosoftAppId', 'bellhop'],
    ['MANIFEST_ID', '1234'],
    ['MANIFEST_VERSION', '1.0'],
    ['MANIFEST_VERSION', '01.0.0'],
    ['MANIFEST_VERSION', '1.0.0-beta'],
    ['MANIFEST_DEVELOPER_NAME', 'x'.repeat(33)],
    ['MANIFEST_DEVELOPER_NAME', 'Con\ntoso'],
    ['MANIFEST_WEBSITE_URL', 'http://contoso.example'],
    ['MANIFEST_WEBSITE_URL', 'contoso.example'],
    ['MANIFEST_PRIVACY_URL', 'javascript:alert(1)'],
    ['MANIFEST_TERMS_URL', `https://contoso.example/${'x'.repeat(2048)}`],
  ])('%s refuses %j', (key, value) => {
    expect(faultyKeys({ ...COMPLETE, [key]: value })).toEqual([key]);
  });

  test('a fault says what was expected and what to do, and never repeats the value', () => {
    const reading = parseManifestSettings({ ...COMPLETE, MANIFEST_WEBSITE_URL: 'pasted-secret' });
    expect(reading).toMatchObject({
      kind: 'faults',
      faults: [{ expected: expect.stringMatching(/https/), remedy: expect.stringMatching(/./) }],
    });
    expect(JSON.stringify(reading)).not.toContain('pasted-secret');
  });
});

test.each([
  [{}, true],
  [{ READ_RECEIPTS: '' }, true],
  [{ READ_RECEIPTS: 'on' }, true],
  [{ READ_RECEIPTS: ' Off ' }, false],
])('with %j the package asks to be told who has read what: %j', (env, expected) => {
  expect(asksForReads(env)).toBe(expected);
});
