// Settings: from environment variables to one frozen value, or to everything that is wrong with them.

import { AppError, type Fault } from '../domain/errors.ts';
import type { SealingKey } from '../domain/seal.ts';
import { CONNECTOR_HOSTS, type ServiceUrlPolicy } from '../domain/service-url.ts';
import type { LogLevel } from '../telemetry/logger.ts';
import { checkIdentity, checkRetention, checkSealing, checkStandIn, findMisspelt } from './checks.ts';
import { type AppType, CONFIG_KEYS, type Env, SCHEMA, SECRET_KEYS, type Values } from './schema.ts';

const DAY_MS = 24 * 3_600_000;

/** How the bot proves who it is. `none` only towards local tools that ask for nothing. */
export type BotCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'certificate'; readonly thumbprint: string; readonly privateKey: string }
  | { readonly kind: 'managedIdentity' };

/** All settings, checked and ready to use. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where people reach the service, without a slash at the end; undefined where nobody said. */
  readonly publicUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** `sqlite:<path>`, or `postgres://...` with its password. */
  readonly databaseUrl: string;
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
  /** How long a message to Teams may be, in UTF-16 units. */
  readonly maxCardUnits: number;
  /** Where people are taken to be whose time zone is not known, IANA. */
  readonly defaultTimeZone: string;
  readonly keyRatePerSecond: number;
  readonly keyBurst: number;
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | undefined;
  /** What secrets in the store are sealed with: the present key first, then the one before. */
  readonly sealingKeys: readonly SealingKey[];
  readonly laneRatePerSecond: number;
  readonly maxBacklog: number;
  readonly maxInFlight: number;
  /** How long content, and what is known of deliveries, is kept after the last delivery has ended. */
  readonly retention: { readonly contentMs: number; readonly metadataMs: number };
  readonly shutdownGraceMs: number;
  /** Whether people whom a team or group chat makes known are welcomed in their own chats. */
  readonly welcomesTeamMembers: boolean;
  /** Whether it is written down who has read what, as far as Teams tells. */
  readonly recordsReads: boolean;
}

/**
 * @param env the environment; nothing else is read but the files that `..._FILE` variables name
 * @param readFile gives a file's text; throws when it cannot be read
 * @throws AppError `config_invalid` with one fault a variable (`pointer` is its name); secrets are never quoted
 */
export function loadConfig(env: Env, readFile: (path: string) => string): Config {
  const faults: Fault[] = [...findMisspelt(env, [...CONFIG_KEYS, ...SECRET_KEYS.map((key) => `${key}_FILE`)])];
  const given = withFiles(env, SECRET_KEYS, { readFile, faults });
  const wrong = (SCHEMA.safeParse(given).error?.issues ?? []).map(toFault);
  const wrongKeys = new Set(wrong.map(({ pointer }) => pointer));
  // What is wrong by itself counts as absent, so that the rest is checked together all the same.
  const values = SCHEMA.parse(Object.fromEntries(Object.entries(given).filter(([key]) => !wrongKeys.has(key))));
  const together = [
    ...(wrongKeys.has('MicrosoftAppType') ? [] : checkIdentity(values)),
    ...checkStandIn(values),
    ...checkSealing(values),
    ...(wrongKeys.has('RETENTION_CONTENT_DAYS') ? [] : checkRetention(values)),
  ];
  faults.push(...wrong, ...together.filter(({ pointer }) => !wrongKeys.has(pointer)));
  if (faults.length > 0) {
    throw new AppError('config_invalid', `${faults.length} setting(s) are missing or wrong`, { faults });
  }
  return Object.freeze(toConfig(values));
}

/** The settings of a command-line tool beside the service. */
export interface ToolSettings {
  readonly databaseUrl: string;
  /** Where the service is reached: from outside, or else where it listens. */
  readonly serviceUrl: string;
  readonly sealingKeys: readonly SealingKey[];
}

const TOOL_KEYS = ['DATABASE_URL', 'PUBLIC_URL', 'HOST', 'PORT', 'ENCRYPTION_KEY', 'ENCRYPTION_KEY_PREVIOUS'] as const;
const TOOL_SCHEMA = SCHEMA.pick(
  Object.fromEntries(TOOL_KEYS.map((key) => [key, true])) as Record<(typeof TOOL_KEYS)[number], true>,
);
const TOOL_SECRETS = SECRET_KEYS.filter((key) => (TOOL_KEYS as readonly string[]).includes(key));

/**
 * What a command-line tool beside the service needs of the settings; whatever else is wrong is no concern of it.
 *
 * @throws AppError `config_invalid`
 */
export function loadToolSettings(env: Env, readFile: (path: string) => string): ToolSettings {
  const faults: Fault[] = [];
  const given = withFiles(env, TOOL_SECRETS, { readFile, faults });
  const settings = TOOL_SCHEMA.safeParse(given);
  faults.push(...(settings.error?.issues ?? []).map(toFault));
  if (!settings.success || faults.length > 0) {
    throw new AppError('config_invalid', `${faults.length} setting(s) are wrong`, { faults });
  }
  const { DATABASE_URL, PUBLIC_URL, HOST, PORT } = settings.data;
  return {
    databaseUrl: DATABASE_URL,
    serviceUrl: toPublicUrl(PUBLIC_URL) ?? `http://${HOST}:${PORT}`,
    sealingKeys: toSealingKeys(settings.data),
  };
}

function toPublicUrl(url: string): string | undefined {
  return url.replace(/\/+$/, '') || undefined;
}

function toSealingKeys(values: Pick<Values, 'ENCRYPTION_KEY' | 'ENCRYPTION_KEY_PREVIOUS'>): readonly SealingKey[] {
  return [values.ENCRYPTION_KEY, values.ENCRYPTION_KEY_PREVIOUS].filter((key) => key !== undefined);
}

function toFault(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): Fault {
  return { pointer: String(issue.path[0]), detail: issue.message };
}

function toConfig(values: Values): Config {
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: toPublicUrl(values.PUBLIC_URL),
    logLevel: values.LOG_LEVEL,
    databaseUrl: values.DATABASE_URL,
    bot: {
      appId: values.MicrosoftAppId.toLowerCase(),
      appType: values.MicrosoftAppType,
      tenantId: values.MicrosoftAppTenantId || undefined,
      credentials: toCredentials(values),
    },
    teams: toTeams(values),
    maxBodyBytes: values.MAX_BODY_BYTES,
    // Teams counts two bytes a unit.
    maxCardUnits: values.MAX_CARD_KB * 512,
    defaultTimeZone: values.DEFAULT_TIME_ZONE,
    keyRatePerSecond: values.KEY_REQUESTS_PER_SECOND,
    keyBurst: values.KEY_BURST,
    trustedProxies: values.TRUSTED_PROXIES,
    metricsToken: values.METRICS_TOKEN || undefined,
    sealingKeys: toSealingKeys(values),
    laneRatePerSecond: values.LANE_RATE_PER_SECOND,
    maxBacklog: values.MAX_BACKLOG,
    maxInFlight: values.MAX_IN_FLIGHT,
    retention: {
      contentMs: values.RETENTION_CONTENT_DAYS * DAY_MS,
      metadataMs: values.RETENTION_METADATA_DAYS * DAY_MS,
    },
    shutdownGraceMs: values.SHUTDOWN_GRACE_SECONDS * 1_000,
    welcomesTeamMembers: values.WELCOME_TEAM_MEMBERS === 'true',
    recordsReads: values.READ_RECEIPTS === 'on',
  };
}

function toTeams(values: Values): Config['teams'] {
  const sandboxUrl = values.SANDBOX_URL.replace(/\/+$/, '');
  const isUnauthenticated = values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true';
  const isGovernment = values.ChannelService !== '';
  const homeTenant = values.MicrosoftAppTenantId === '' ? [] : [values.MicrosoftAppTenantId];
  return {
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

interface FileReading {
  readonly readFile: (path: string) => string;
  /** Gets what cannot be read. */
  readonly faults: Fault[];
}

function withFiles(env: Env, keys: readonly (typeof SECRET_KEYS)[number][], { readFile, faults }: FileReading): Env {
  const values: Record<string, string | undefined> = { ...env };
  for (const key of keys) {
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
