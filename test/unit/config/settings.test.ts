// Each setting by itself: its default, its form, its bounds.

import { loadToolSettings } from '../../../src/config/config.ts';
import { CONNECTOR_HOSTS } from '../../../src/domain/service-url.ts';
import { APP_ID, faultsOf, load, SMALLEST, TENANT, wrongIn } from './environments.ts';

test('the identity of the bot is enough; everything else has a default', () => {
  expect(load()).toEqual({
    host: '127.0.0.1',
    port: 3978,
    publicUrl: undefined,
    logLevel: 'info',
    databaseUrl: 'sqlite:./data/bellhop.db',
    defaultTimeZone: 'UTC',
    bot: {
      appId: APP_ID,
      appType: 'SingleTenant',
      tenantId: TENANT,
      credentials: { kind: 'password', password: 'canary-password' },
    },
    teams: {
      channelService: '',
      issuer: 'https://api.botframework.com',
      openIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
      tokenScope: 'https://api.botframework.com/.default',
      standInTokenUrl: undefined,
      serviceUrlPolicy: { kind: 'hosts', hosts: CONNECTOR_HOSTS },
      allowedTenants: new Set([TENANT]),
      isUnauthenticatedLoopback: false,
    },
    maxBodyBytes: 262_144,
    maxCardUnits: 14_336,
    keyRatePerSecond: 50,
    keyBurst: 200,
    trustedProxies: [],
    welcomesTeamMembers: false,
    recordsReads: true,
    metricsToken: undefined,
    sealingKeys: [],
    laneRatePerSecond: 40,
    maxBacklog: 1_000_000,
    maxInFlight: 512,
    retention: { contentMs: 604_800_000, metadataMs: 7_776_000_000 },
    shutdownGraceMs: 20_000,
  });
});

test('settings do not change any more', () => {
  expect(Object.isFrozen(load())).toBe(true);
});

test('a blank variable counts as absent, and blanks around a value do not count', () => {
  expect(load({ PORT: '  ', LOG_LEVEL: '', HOST: ' ::1 ' })).toMatchObject({
    port: 3978,
    logLevel: 'info',
    host: '::1',
  });
});

test('variables of others are left alone', () => {
  expect(wrongIn({ PATH: '/bin', HOME: '/root', host: 'x', Port: 'y', NODE_ENV: 'test' })).toEqual([]);
});

test('the size of a message is given in KB and counted in UTF-16 units, two bytes each', () => {
  expect(load({ MAX_CARD_KB: '80' }).maxCardUnits).toBe(40_960);
  expect([...wrongIn({ MAX_CARD_KB: '27' }), ...wrongIn({ MAX_CARD_KB: '81' })]).toEqual([
    'MAX_CARD_KB',
    'MAX_CARD_KB',
  ]);
});

test('the zone of people whose zone is not known is one that exists', () => {
  expect(load({}).defaultTimeZone).toBe('UTC');
  expect(load({ DEFAULT_TIME_ZONE: 'Europe/Berlin' }).defaultTimeZone).toBe('Europe/Berlin');
  expect(wrongIn({ DEFAULT_TIME_ZONE: 'Mars/Olympus' })).toEqual(['DEFAULT_TIME_ZONE']);
});

test('the public address is https, or http on this machine', () => {
  expect(load({ PUBLIC_URL: 'https://bellhop.example/base/' }).publicUrl).toBe('https://bellhop.example/base');
  expect(load({ PUBLIC_URL: 'http://127.0.0.1:3978' }).publicUrl).toBe('http://127.0.0.1:3978');
  for (const url of [
    'http://bellhop.example',
    'bellhop.example',
    'https://a@b.example',
    'https://b.example/?a',
    'https://b.example/#a',
  ]) {
    expect(wrongIn({ PUBLIC_URL: url })).toEqual(['PUBLIC_URL']);
  }
});

describe('numbers', () => {
  test.each([
    ['PORT', 'port', 0, 65_535],
    ['MAX_BODY_BYTES', 'maxBodyBytes', 65_536, 1_048_576],
    ['KEY_REQUESTS_PER_SECOND', 'keyRatePerSecond', 1, 10_000],
    ['KEY_BURST', 'keyBurst', 1, 100_000],
    ['LANE_RATE_PER_SECOND', 'laneRatePerSecond', 1, 45],
    ['MAX_BACKLOG', 'maxBacklog', 1, 100_000_000],
    ['MAX_IN_FLIGHT', 'maxInFlight', 1, 1_000],
  ])('%s, which is %s, goes from %i to %i', (key, field, min, max) => {
    expect(load({ [key]: String(min) })).toHaveProperty(field, min);
    expect(load({ [key]: String(max) })).toHaveProperty(field, max);
    for (const value of [String(max + 1), String(min - 1), `${max}.0`, `${max}x`, '1e2', '0x10', '-1', 'many']) {
      expect(faultsOf({ ...SMALLEST, [key]: value })).toEqual([
        { pointer: key, detail: `Expected a whole number from ${min} to ${max}, got "${value}"` },
      ]);
    }
  });

  test('what is kept is kept for whole days, and deliveries not shorter than content', () => {
    const days = (content: number, metadata: number) => ({
      RETENTION_CONTENT_DAYS: String(content),
      RETENTION_METADATA_DAYS: String(metadata),
    });
    const DAY_MS = 86_400_000;
    expect(load(days(1, 31)).retention).toEqual({ contentMs: DAY_MS, metadataMs: 31 * DAY_MS });
    expect(load(days(365, 3_650)).retention).toEqual({ contentMs: 365 * DAY_MS, metadataMs: 3_650 * DAY_MS });
    expect(wrongIn(days(0, 30))).toEqual(['RETENTION_CONTENT_DAYS', 'RETENTION_METADATA_DAYS']);
    expect(wrongIn(days(366, 31))).toEqual(['RETENTION_CONTENT_DAYS']);
    expect(wrongIn(days(91, 3_651))).toEqual(['RETENTION_METADATA_DAYS']);
    expect(wrongIn({ RETENTION_CONTENT_DAYS: '91' })).toEqual(['RETENTION_METADATA_DAYS']);
  });

  test('the grace of a shutdown is given in seconds, up to ten minutes', () => {
    expect(load({ SHUTDOWN_GRACE_SECONDS: '0' }).shutdownGraceMs).toBe(0);
    expect(load({ SHUTDOWN_GRACE_SECONDS: '600' }).shutdownGraceMs).toBe(600_000);
    expect(wrongIn({ SHUTDOWN_GRACE_SECONDS: '601' })).toEqual(['SHUTDOWN_GRACE_SECONDS']);
  });
});

describe('words', () => {
  test.each([
    ['LOG_LEVEL', 'verbose', 'debug, info, warn, error, silent'],
    ['MicrosoftAppType', 'Single', 'SingleTenant, MultiTenant, UserAssignedMSI'],
    ['ChannelService', 'https://botframework.azure.cn', 'nothing, https://botframework.azure.us'],
    ['ALLOW_UNAUTHENTICATED_LOOPBACK', 'yes', 'true, false'],
  ])('%s is not %j: the fault lists what it may be', (key, value, options) => {
    expect(faultsOf({ ...SMALLEST, [key]: value })).toEqual([
      { pointer: key, detail: `Expected one of ${options}, got "${value}"` },
    ]);
  });

  test('are compared without case', () => {
    expect(load({ LOG_LEVEL: 'DEBUG' }).logLevel).toBe('debug');
    expect(load({ MicrosoftAppType: 'singletenant' }).bot.appType).toBe('SingleTenant');
  });
});

describe('lists', () => {
  const other = 'ABCDEF00-1111-4111-8111-111111111111';

  test('ALLOWED_TENANTS names tenants; without it only the own tenant may use the bot', () => {
    expect(load({ ALLOWED_TENANTS: ` ${other} ,${TENANT},` }).teams.allowedTenants).toEqual(
      new Set([other.toLowerCase(), TENANT]),
    );
    expect(wrongIn({ ALLOWED_TENANTS: `${TENANT},contoso.com` })).toEqual(['ALLOWED_TENANTS']);
  });

  test('SERVICE_URL_HOSTS adds hosts of the Connector to the known ones', () => {
    const { serviceUrlPolicy } = load({ SERVICE_URL_HOSTS: 'Canary.Botapi.Skype.com' }).teams;
    expect(serviceUrlPolicy).toEqual({ kind: 'hosts', hosts: [...CONNECTOR_HOSTS, 'canary.botapi.skype.com'] });
    expect(wrongIn({ SERVICE_URL_HOSTS: 'https://x.example' })).toEqual(['SERVICE_URL_HOSTS']);
  });

  test('TRUSTED_PROXIES takes addresses and ranges', () => {
    expect(load({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(wrongIn({ TRUSTED_PROXIES: 'proxy.example' })).toEqual(['TRUSTED_PROXIES']);
  });
});

describe('the database', () => {
  const noFile = (): never => {
    throw new Error('ENOENT');
  };

  test.each([
    'sqlite:/var/lib/bellhop.db',
    'postgres://bellhop:secret@db.example:5432/bellhop?sslmode=verify-full',
    'postgresql://bellhop@localhost/bellhop',
  ])('is %s', (url) => {
    expect(load({ DATABASE_URL: url }).databaseUrl).toBe(url);
    expect(loadToolSettings({ DATABASE_URL: url }, noFile).databaseUrl).toBe(url);
  });

  test('is a file in ./data unless it is named', () => {
    expect(loadToolSettings({}, noFile).databaseUrl).toBe('sqlite:./data/bellhop.db');
  });

  test('may be named in a file, because it can hold a password', () => {
    const readFile = () => 'postgres://bellhop:secret@db/bellhop\n';
    expect(loadToolSettings({ DATABASE_URL_FILE: '/run/secrets/db' }, readFile).databaseUrl).toBe(
      'postgres://bellhop:secret@db/bellhop',
    );
    expect(() => loadToolSettings({ DATABASE_URL_FILE: '/run/secrets/db' }, noFile)).toThrow(
      expect.objectContaining({ faults: [{ pointer: 'DATABASE_URL_FILE', detail: expect.any(String) }] }),
    );
  });

  test.each([
    'sqlite:',
    'postgres://',
    'postgres://user:canary@db',
    'postgres://user:canary@/',
    'mysql://db/x',
    './bellhop.db',
  ])('is not %s', (url) => {
    expect(wrongIn({ DATABASE_URL: url })).toEqual(['DATABASE_URL']);
    const fault = { pointer: 'DATABASE_URL', detail: expect.not.stringContaining('canary') };
    const refusal = { code: 'config_invalid', faults: [fault] };
    expect(() => loadToolSettings({ DATABASE_URL: url }, noFile)).toThrow(expect.objectContaining(refusal));
  });
});

test('the token of the metrics has at least 16 characters', () => {
  expect(load({ METRICS_TOKEN: '0123456789abcdef' }).metricsToken).toBe('0123456789abcdef');
  expect(wrongIn({ METRICS_TOKEN: '0123456789abcde' })).toEqual(['METRICS_TOKEN']);
});

test('the government cloud has its own issuer, keys and scope', () => {
  expect(load({ ChannelService: 'https://botframework.azure.us' }).teams).toMatchObject({
    channelService: 'https://botframework.azure.us',
    issuer: 'https://api.botframework.us',
    openIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    tokenScope: 'https://api.botframework.us/.default',
  });
});

describe('the keys that secrets are sealed with', () => {
  const [PRESENT, BEFORE] = ['A', 'B'].map((letter) => Buffer.alloc(32, letter).toString('base64'));

  test('are given with the present one first', () => {
    const keys = load({ ENCRYPTION_KEY: PRESENT, ENCRYPTION_KEY_PREVIOUS: BEFORE }).sealingKeys;
    expect(keys.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual([PRESENT, BEFORE]);
  });

  test('are 32 bytes in base64, and the one before does not stand alone', () => {
    expect(wrongIn({ ENCRYPTION_KEY: 'canary' })).toEqual(['ENCRYPTION_KEY']);
    expect(wrongIn({ ENCRYPTION_KEY: `${PRESENT}AAAA` })).toEqual(['ENCRYPTION_KEY']);
    expect(wrongIn({ ENCRYPTION_KEY_PREVIOUS: BEFORE })).toEqual(['ENCRYPTION_KEY']);
    expect(JSON.stringify(faultsOf({ ENCRYPTION_KEY: 'canary' }))).not.toContain('canary');
  });
});
