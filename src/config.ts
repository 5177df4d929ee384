// Settings: from environment variables to one frozen value, or to everything that is wrong with them.

import { z } from 'zod';
import { choice, integer, list, word } from './config-fields.ts';
import { AppError, type Fault } from './domain/errors.ts';
import { isGuid } from './domain/person.ts';
import { CONNECTOR_HOSTS, isLoopbackHost, type ServiceUrlPolicy } from './domain/service-url.ts';
import { LOG_LEVELS, type LogLevel } from './telemetry/logger.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** How the bot proves who it is. `none` only towards local tools that ask for nothing. */
export type BotCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'certificate'; readonly thumbprint: string; readonly privateKey: string }
  | { readonly kind: 'managedIdentity' };

export type AppType = 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly databasePath: string;
  readonly bot: {
    readonly appId: string;
    readonly appType: AppType;
    readonly tenantId: string | undefined;
    readonly credentials: BotCredentials;
  };
  readonly teams: {
    /** Empty for the public cloud, else the value that Microsoft's SDK knows as ChannelService. */
    readonly channelService: string;
    readonly issuer: string;
    readonly openIdMetadataUrl: string;
    readonly tokenScope: string;
    /** Where a stand-in for Teams gives tokens; undefined when Entra ID does. */
    readonly standInTokenUrl: string | undefined;
    readonly serviceUrlPolicy: ServiceUrlPolicy;
    readonly allowedTenants: ReadonlySet<string>;
    readonly isUnauthenticatedLoopback: boolean;
  };
  readonly maxBodyBytes: number;
  readonly keyRequestsPerSecond: number;
  readonly keyBurst: number;
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | undefined;
  readonly laneRatePerSecond: number;
  readonly maxBacklog: number;
  readonly maxInFlight: number;
  readonly shutdownGraceMs: number;
}

/** Variables whose value may stand in a file, named by the same variable with `_FILE` added. */
const SECRET_KEYS = ['MicrosoftAppPassword', 'CertificatePrivateKey', 'METRICS_TOKEN'] as const;

const SCHEMA = z.object({
  HOST: word('127.0.0.1'),
  PORT: integer({ fallback: 3978, min: 0, max: 65_535 }),
  LOG_LEVEL: choice(LOG_LEVELS, 'info'),
  DATABASE_URL: word('sqlite:./data/bellhop.db').refine(
    (url) => url.startsWith('sqlite:') && url.length > 'sqlite:'.length,
    'Expected sqlite:<path of the file>, for example sqlite:./data/bellhop.db',
  ),
  MicrosoftAppId: word(''),
  MicrosoftAppType: choice(['SingleTenant', 'MultiTenant', 'UserAssignedMSI'], 'SingleTenant'),
  MicrosoftAppTenantId: word(''),
  MicrosoftAppPassword: word(''),
  CertificateThumbprint: word(''),
  CertificatePrivateKey: word(''),
  ChannelService: choice(['', 'https://botframework.azure.us'], ''),
  ALLOWED_TENANTS: list((one) => isGuid(one), 'Expected tenant ids (GUIDs) separated by commas'),
  SERVICE_URL_HOSTS: list((one) => /^[a-z0-9.-]+$/.test(one), 'Expected host names separated by commas'),
  SANDBOX_URL: word(''),
  ALLOW_UNAUTHENTICATED_LOOPBACK: choice(['true', 'false'], 'false'),
  MAX_BODY_BYTES: integer({ fallback: 262_144, min: 65_536, max: 1_048_576 }),
  KEY_REQUESTS_PER_SECOND: integer({ fallback: 50, min: 1, max: 10_000 }),
  KEY_BURST: integer({ fallback: 200, min: 1, max: 100_000 }),
  TRUSTED_PROXIES: list((one) => /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(one), 'Expected IP addresses or CIDR ranges'),
  METRICS_TOKEN: word('').refine((token) => token === '' || token.length >= 16, 'Expected at least 16 characters'),
  LANE_RATE_PER_SECOND: integer({ fallback: 40, min: 1, max: 45 }),
  MAX_BACKLOG: integer({ fallback: 1_000_000, min: 1, max: 100_000_000 }),
  MAX_IN_FLIGHT: integer({ fallback: 64, min: 1, max: 1_000 }),
  SHUTDOWN_GRACE_SECONDS: integer({ fallback: 20, min: 0, max: 600 }),
});

type Values = z.infer<typeof SCHEMA>;

/** Every variable that is read here. */
export const CONFIG_KEYS: readonly string[] = Object.keys(SCHEMA.shape);

/**
 * @param env the environment; nothing else is read but the files that `..._FILE` variables name
 * @param readFile gives a file's text; throws when it cannot be read
 * @throws AppError `config_invalid` with one fault a variable (`pointer` is its name); secrets are never quoted
 */
export function loadConfig(env: Env, readFile: (path: string) => string): Config {
  const faults: Fault[] = findMisspelt(env);
  const values = SCHEMA.safeParse(withFiles(env, readFile, faults));
  for (const issue of values.error?.issues ?? []) {
    faults.push({ pointer: String(issue.path[0]), detail: issue.message });
  }
  if (values.success) {
    faults.push(...checkIdentity(values.data), ...checkStandIn(values.data));
  }
  if (faults.length > 0 || !values.success) {
    throw new AppError('config_invalid', `${faults.length} setting(s) are missing or wrong`, { faults });
  }
  return Object.freeze(toConfig(values.data));
}

/** Which database file the settings name; all that a command-line tool beside the service needs. */
export function loadDatabasePath(env: Env): string {
  const url = SCHEMA.shape.DATABASE_URL.safeParse(env['DATABASE_URL']);
  if (!url.success) {
    const faults = [{ pointer: 'DATABASE_URL', detail: url.error.issues[0]?.message ?? 'Expected a database' }];
    throw new AppError('config_invalid', '1 setting is wrong', { faults });
  }
  return toPath(url.data);
}

function toConfig(values: Values): Config {
  const sandboxUrl = values.SANDBOX_URL.replace(/\/+$/, '');
  const isUnauthenticated = values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true';
  const isGovernment = values.ChannelService !== '';
  const homeTenant = values.MicrosoftAppTenantId === '' ? [] : [values.MicrosoftAppTenantId];
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    databasePath: toPath(values.DATABASE_URL),
    bot: {
      appId: values.MicrosoftAppId.toLowerCase(),
      appType: values.MicrosoftAppType,
      tenantId: values.MicrosoftAppTenantId || undefined,
      credentials: toCredentials(values),
    },
    teams: {
      channelService: values.ChannelService,
      issuer: isGovernment ? 'https://api.botframework.us' : 'https://api.botframework.com',
      openIdMetadataUrl: sandboxUrl
        ? `${sandboxUrl}/.well-known/openidconfiguration`
        : `https://login.botframework.${isGovernment ? 'azure.us' : 'com'}/v1/.well-known/openidconfiguration`,
      tokenScope: `https://api.botframework.${isGovernment ? 'us' : 'com'}/.default`,
      standInTokenUrl: sandboxUrl ? `${sandboxUrl}/oauth2/v2.0/token` : undefined,
      serviceUrlPolicy: toServiceUrlPolicy(values, sandboxUrl),
      allowedTenants: new Set(
        (values.ALLOWED_TENANTS.length > 0 ? values.ALLOWED_TENANTS : homeTenant).map((id) => id.toLowerCase()),
      ),
      isUnauthenticatedLoopback: isUnauthenticated,
    },
    maxBodyBytes: values.MAX_BODY_BYTES,
    keyRequestsPerSecond: values.KEY_REQUESTS_PER_SECOND,
    keyBurst: values.KEY_BURST,
    trustedProxies: values.TRUSTED_PROXIES,
    metricsToken: values.METRICS_TOKEN || undefined,
    laneRatePerSecond: values.LANE_RATE_PER_SECOND,
    maxBacklog: values.MAX_BACKLOG,
    maxInFlight: values.MAX_IN_FLIGHT,
    shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * 1_000,
  };
}

function toCredentials(values: Values): BotCredentials {
  if (values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true') {
    return { kind: 'none' };
  }
  if (values.MicrosoftAppType === 'UserAssignedMSI') {
    return { kind: 'managedIdentity' };
  }
  return values.MicrosoftAppPassword !== ''
    ? { kind: 'password', password: values.MicrosoftAppPassword }
    : { kind: 'certificate', thumbprint: values.CertificateThumbprint, privateKey: values.CertificatePrivateKey };
}

function toServiceUrlPolicy(values: Values, sandboxUrl: string): ServiceUrlPolicy {
  if (values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true') {
    return { kind: 'loopback' };
  }
  return sandboxUrl
    ? { kind: 'prefix', prefix: sandboxUrl }
    : { kind: 'hosts', hosts: [...CONNECTOR_HOSTS, ...values.SERVICE_URL_HOSTS] };
}

/** Who the bot is. Without an app id the SDK would switch authentication off: that never starts by accident. */
function checkIdentity(values: Values): readonly Fault[] {
  const hasSecret = values.MicrosoftAppPassword !== '' || values.CertificatePrivateKey !== '';
  if (values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true') {
    return checkUnauthenticated(values, hasSecret);
  }
  const faults: Fault[] = [];
  const require = (isRight: boolean, pointer: string, detail: string) => isRight || faults.push({ pointer, detail });
  require(isGuid(
    values.MicrosoftAppId,
  ), 'MicrosoftAppId', 'Expected the application (client) id of the Azure Bot, a GUID');
  if (values.MicrosoftAppType === 'MultiTenant') {
    const isLimited = values.ALLOWED_TENANTS.length > 0;
    require(isLimited, 'ALLOWED_TENANTS', 'Expected the tenants that may use a MultiTenant bot; otherwise anybody could');
  } else {
    const detail = `Expected the directory (tenant) id, a GUID; a ${values.MicrosoftAppType} bot needs it`;
    require(isGuid(values.MicrosoftAppTenantId), 'MicrosoftAppTenantId', detail);
  }
  if (values.MicrosoftAppType !== 'UserAssignedMSI') {
    const detail = 'Expected a client secret, or CertificateThumbprint and CertificatePrivateKey instead';
    require(hasSecret, 'MicrosoftAppPassword', detail);
  }
  const isPair = (values.CertificateThumbprint === '') === (values.CertificatePrivateKey === '');
  require(isPair, 'CertificateThumbprint', 'Expected CertificateThumbprint and CertificatePrivateKey together, found one of them');
  return faults;
}

function checkUnauthenticated(values: Values, hasSecret: boolean): readonly Fault[] {
  const isOpenOnly = values.MicrosoftAppId === '' && !hasSecret && values.SANDBOX_URL === '';
  return isOpenOnly && isLoopbackHost(values.HOST)
    ? []
    : [
        {
          pointer: 'ALLOW_UNAUTHENTICATED_LOOPBACK',
          detail:
            'Expected no app id, no secret, no SANDBOX_URL and a loopback HOST: it is for local tools only. Remove it, or remove those',
        },
      ];
}

function checkStandIn({ SANDBOX_URL: url }: Values): readonly Fault[] {
  const isLoopback = URL.canParse(url) && new URL(url).protocol === 'http:' && isLoopbackHost(new URL(url).hostname);
  return url === '' || isLoopback
    ? []
    : [
        {
          pointer: 'SANDBOX_URL',
          detail: 'Expected an http URL on a loopback address, for example http://127.0.0.1:3979',
        },
      ];
}

function withFiles(env: Env, readFile: (path: string) => string, faults: Fault[]): Env {
  const values: Record<string, string | undefined> = { ...env };
  for (const key of SECRET_KEYS) {
    const path = env[`${key}_FILE`];
    if (path) {
      try {
        values[key] = readFile(path).trim();
      } catch {
        faults.push({ pointer: `${key}_FILE`, detail: 'Expected the path of a file that can be read' });
      }
    }
  }
  return values;
}

/** Names that differ from one of ours in case or underscores only would be ignored without a word. */
function findMisspelt(env: Env): Fault[] {
  const fold = (key: string) => key.replaceAll('_', '').toLowerCase();
  const byFolded = new Map(CONFIG_KEYS.map((key) => [fold(key), key]));
  return Object.keys(env).flatMap((key) => {
    const meant = byFolded.get(fold(key));
    return meant === undefined || meant === key || env[key] === '' || fold(key).length < 8
      ? []
      : [{ pointer: key, detail: `Unknown setting. Did you mean ${meant}?` }];
  });
}

function toPath(url: string): string {
  return url.slice('sqlite:'.length);
}
