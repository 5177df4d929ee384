// The variables that are settings, each by itself.

import { z } from 'zod';
import { isTimeZone } from '../domain/local-time.ts';
import { isGuid } from '../domain/person.ts';
import { parseSealingKey } from '../domain/seal.ts';
import { isLoopbackHost } from '../domain/service-url.ts';
import { LOG_LEVELS } from '../telemetry/logger.ts';
import { choice, integer, list, word } from './fields.ts';

/** Environment variables, as the process got them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** How the bot is registered in Entra ID, in the words of Microsoft's SDK. */
export const APP_TYPES = ['SingleTenant', 'MultiTenant', 'UserAssignedMSI'] as const;
export type AppType = (typeof APP_TYPES)[number];

/** Variables whose value may stand in a file, named by the same variable with `_FILE` added. */
export const SECRET_KEYS = [
  'MicrosoftAppPassword',
  'CertificatePrivateKey',
  'METRICS_TOKEN',
  'DATABASE_URL',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEY_PREVIOUS',
] as const;

/** Absent where it is not set. */
const sealingKey = word('').transform((value, context) => {
  const key = value === '' ? undefined : parseSealingKey(value);
  if (value !== '' && !key) {
    context.addIssue({
      code: 'custom',
      message: 'Expected 32 bytes in base64, as `openssl rand -base64 32` gives them',
    });
    return z.NEVER;
  }
  return key;
});

/** Each variable by itself: its form, its bounds, its default. */
export const SCHEMA = z.object({
  HOST: word('127.0.0.1'),
  PUBLIC_URL: word('').refine(
    isPublicUrl,
    'Expected an https address such as https://bellhop.example.com, without query or user name',
  ),
  PORT: integer({ fallback: 3978, min: 0, max: 65_535 }),
  LOG_LEVEL: choice(LOG_LEVELS, 'info'),
  DATABASE_URL: word('sqlite:./data/bellhop.db').refine(
    isDatabaseUrl,
    'Expected sqlite:<path of the file>, for example sqlite:./data/bellhop.db, or postgres://<user>:<password>@<host>/<database>',
  ),
  MicrosoftAppId: word(''),
  MicrosoftAppType: choice(APP_TYPES, 'SingleTenant'),
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
  MAX_CARD_KB: integer({ fallback: 28, min: 28, max: 80 }),
  DEFAULT_TIME_ZONE: word('UTC').refine(
    isTimeZone,
    'Expected a time zone of the IANA database, for example Europe/Berlin',
  ),
  KEY_REQUESTS_PER_SECOND: integer({ fallback: 50, min: 1, max: 10_000 }),
  KEY_BURST: integer({ fallback: 200, min: 1, max: 100_000 }),
  TRUSTED_PROXIES: list((one) => /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(one), 'Expected IP addresses or CIDR ranges'),
  METRICS_TOKEN: word('').refine((token) => token === '' || token.length >= 16, 'Expected at least 16 characters'),
  ENCRYPTION_KEY: sealingKey,
  ENCRYPTION_KEY_PREVIOUS: sealingKey,
  LANE_RATE_PER_SECOND: integer({ fallback: 40, min: 1, max: 45 }),
  MAX_BACKLOG: integer({ fallback: 1_000_000, min: 1, max: 100_000_000 }),
  MAX_IN_FLIGHT: integer({ fallback: 512, min: 1, max: 1_000 }),
  RETENTION_CONTENT_DAYS: integer({ fallback: 7, min: 1, max: 365 }),
  // Longer than idempotency keys and status events, which point to it.
  RETENTION_METADATA_DAYS: integer({ fallback: 90, min: 31, max: 3_650 }),
  SHUTDOWN_GRACE_SECONDS: integer({ fallback: 20, min: 0, max: 600 }),
  WELCOME_TEAM_MEMBERS: choice(['true', 'false'], 'false'),
  READ_RECEIPTS: choice(['on', 'off'], 'on'),
});

/** Where people reach the service; http only on this machine. */
function isPublicUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isTrusted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  return text === '' || (isTrusted && !/[?#@\s]/.test(text));
}

/** Only its form: whether the database can be had is known when it is opened. */
function isDatabaseUrl(url: string): boolean {
  if (url.startsWith('sqlite:')) {
    return url.length > 'sqlite:'.length;
  }
  const parsed = /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  return parsed !== undefined && parsed.host !== '' && parsed.pathname.length > 1;
}

/** The variables, each right by itself. */
export type Values = z.infer<typeof SCHEMA>;

/** Every variable that is read here. */
export const CONFIG_KEYS: readonly string[] = Object.keys(SCHEMA.shape);
