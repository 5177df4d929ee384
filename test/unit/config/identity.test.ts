// Who the bot is, and whom it may trust: settings that are right only together.

import { APP_ID, faultsOf, load, SMALLEST, TENANT, wrongIn } from './environments.ts';

const CERTIFICATE = { CertificateThumbprint: 'AB12', CertificatePrivateKey: 'canary-private-key' };
const withoutPassword = { MicrosoftAppPassword: '' };

describe('the app id', () => {
  test.each([undefined, '', '  ', 'bellhop', `{${APP_ID}}`])('that is %j starts nothing', (appId) => {
    expect(wrongIn({ MicrosoftAppId: appId })).toEqual(['MicrosoftAppId']);
  });

  test('is compared in lower case', () => {
    const appId = 'ABCDEF00-2222-4222-8222-222222222222';
    expect(load({ MicrosoftAppId: appId }).bot.appId).toBe(appId.toLowerCase());
  });
});

describe('the tenant', () => {
  test.each(['SingleTenant', 'UserAssignedMSI'])('of a %s bot is needed', (type) => {
    const env = { ...SMALLEST, MicrosoftAppType: type, MicrosoftAppTenantId: 'contoso.com' };
    expect(faultsOf(env)).toEqual([
      { pointer: 'MicrosoftAppTenantId', detail: expect.stringContaining(`a ${type} bot needs it`) },
    ]);
  });

  test('of a MultiTenant bot is not, but it lists the tenants that may use it', () => {
    const env = { MicrosoftAppType: 'MultiTenant', MicrosoftAppTenantId: '' };
    expect(wrongIn(env)).toEqual(['ALLOWED_TENANTS']);
    expect(load({ ...env, ALLOWED_TENANTS: TENANT }).teams.allowedTenants).toEqual(new Set([TENANT]));
    expect(wrongIn({ MicrosoftAppType: 'MultiTenant' })).toEqual(['ALLOWED_TENANTS']);
  });
});

describe('the credentials', () => {
  test('are a client secret, or a certificate', () => {
    expect(load().bot.credentials).toEqual({ kind: 'password', password: 'canary-password' });
    expect(load({ ...withoutPassword, ...CERTIFICATE }).bot.credentials).toEqual({
      kind: 'certificate',
      thumbprint: 'AB12',
      privateKey: 'canary-private-key',
    });
    expect(wrongIn(withoutPassword)).toEqual(['MicrosoftAppPassword']);
  });

  test('of a managed identity are none', () => {
    const env = { ...withoutPassword, MicrosoftAppType: 'UserAssignedMSI' };
    expect(load(env).bot.credentials).toEqual({ kind: 'managedIdentity' });
  });

  test('of a certificate come in pairs', () => {
    expect(wrongIn({ CertificateThumbprint: 'AB12' })).toEqual(['CertificateThumbprint']);
    expect(wrongIn({ CertificatePrivateKey: 'canary' })).toEqual(['CertificateThumbprint']);
    expect(wrongIn({ ...withoutPassword, CertificatePrivateKey: 'canary' })).toEqual(['CertificateThumbprint']);
    expect(wrongIn({ ...withoutPassword, CertificateThumbprint: 'AB12' })).toEqual([
      'MicrosoftAppPassword',
      'CertificateThumbprint',
    ]);
  });
});

describe('a secret in a file', () => {
  const files = new Map([
    ['/run/secrets/password', 'from-file\n'],
    ['/run/secrets/key', 'private key'],
    ['/run/secrets/metrics', 'metrics-token-in-a-file\r\n'],
    ['/run/secrets/blank', ' \n'],
  ]);
  const readFile = (path: string) => {
    const text = files.get(path);
    if (text === undefined) {
      throw new Error(`ENOENT: ${path}`);
    }
    return text;
  };

  test('takes the place of the variable, without the line end', () => {
    const config = load({ MicrosoftAppPassword_FILE: '/run/secrets/password' }, readFile);
    expect(config.bot.credentials).toEqual({ kind: 'password', password: 'from-file' });
    expect(load({ METRICS_TOKEN_FILE: '/run/secrets/metrics' }, readFile).metricsToken).toBe('metrics-token-in-a-file');
    const certificate = { CertificateThumbprint: 'AB12', CertificatePrivateKey_FILE: '/run/secrets/key' };
    expect(load({ ...withoutPassword, ...certificate }, readFile).bot.credentials).toMatchObject({
      privateKey: 'private key',
    });
  });

  test('that cannot be read is a fault of the variable that names it', () => {
    expect(wrongIn({ MicrosoftAppPassword_FILE: '/run/secrets/none' }, readFile)).toEqual([
      'MicrosoftAppPassword_FILE',
    ]);
  });

  test('that is blank is no secret', () => {
    expect(wrongIn({ MicrosoftAppPassword_FILE: '/run/secrets/blank' }, readFile)).toEqual(['MicrosoftAppPassword']);
  });
});

describe('a stand-in for Teams', () => {
  test.each(['http://127.0.0.1:3979', 'http://localhost:3979/', 'http://[::1]:3979//'])('may be at %s', (url) => {
    const base = url.replace(/\/+$/, '');
    expect(load({ SANDBOX_URL: url }).teams).toMatchObject({
      openIdMetadataUrl: `${base}/.well-known/openidconfiguration`,
      standInTokenUrl: `${base}/oauth2/v2.0/token`,
      serviceUrlPolicy: { kind: 'prefix', prefix: base },
    });
  });

  test.each([
    'https://127.0.0.1:3979',
    'http://10.0.0.1:3979',
    'http://sandbox:3979',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1@evil.example',
    'http://evil.example/127.0.0.1',
    '127.0.0.1:3979',
    'localhost',
  ])('is given no secret at %s', (url) => {
    expect(wrongIn({ SANDBOX_URL: url })).toEqual(['SANDBOX_URL']);
  });
});

describe('running without authentication', () => {
  const OPEN = { ALLOW_UNAUTHENTICATED_LOOPBACK: 'true' };

  test.each(['127.0.0.1', 'localhost', '::1'])('is for local tools on %s only, and trusts no other address', (HOST) => {
    expect(faultsOf({ ...OPEN, HOST })).toEqual([]);
    const config = load({ ...OPEN, HOST, MicrosoftAppId: '', MicrosoftAppPassword: '' });
    expect(config.bot.credentials).toEqual({ kind: 'none' });
    expect(config.teams).toMatchObject({ isUnauthenticatedLoopback: true, serviceUrlPolicy: { kind: 'loopback' } });
  });

  test.each([
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '10.0.0.1' },
    { HOST: 'localhost.evil.example' },
    { MicrosoftAppId: APP_ID },
    { MicrosoftAppPassword: 'canary' },
    { CertificatePrivateKey: 'canary' },
    { SANDBOX_URL: 'http://127.0.0.1:3979' },
  ])('is refused together with %j', (env) => {
    expect(faultsOf({ ...OPEN, ...env }).map(({ pointer }) => pointer)).toEqual(['ALLOW_UNAUTHENTICATED_LOOPBACK']);
  });

  test('never happens by leaving things out', () => {
    expect(faultsOf({}).map(({ pointer }) => pointer)).toEqual([
      'MicrosoftAppId',
      'MicrosoftAppTenantId',
      'MicrosoftAppPassword',
    ]);
  });
});
