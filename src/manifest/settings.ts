// What the app package needs to know of the organization that runs Bellhop, read from an environment.

import { isGuid } from '../domain/person.ts';

/** The settings the app package is made from; each is also a placeholder in manifest/manifest.json. */
export const MANIFEST_KEYS = [
  'MicrosoftAppId',
  'MANIFEST_ID',
  'MANIFEST_VERSION',
  'MANIFEST_DEVELOPER_NAME',
  'MANIFEST_WEBSITE_URL',
  'MANIFEST_PRIVACY_URL',
  'MANIFEST_TERMS_URL',
] as const;
export type ManifestKey = (typeof MANIFEST_KEYS)[number];

/** A valid value for every placeholder. */
export type ManifestSettings = Readonly<Record<ManifestKey, string>>;

/** One setting that is missing or wrong. The value itself is left out: it may have been pasted by mistake. */
export interface ManifestFault {
  readonly key: ManifestKey;
  readonly expected: string;
  readonly remedy: string;
}

/** Settings, or everything that keeps them from being read. */
export type ManifestReading =
  | { readonly kind: 'settings'; readonly settings: ManifestSettings }
  | { readonly kind: 'faults'; readonly faults: readonly ManifestFault[] };

type Environment = Readonly<Record<string, string | undefined>>;

interface Rule {
  readonly expected: string;
  readonly remedy: string;
  readonly isValid: (value: string) => boolean;
  /** Where the value comes from when the key is absent or blank. */
  readonly fallback?: { readonly key: ManifestKey } | { readonly value: string };
}

const MAX_DEVELOPER_NAME_LENGTH = 32;
const MAX_URL_LENGTH = 2_048;

const HTTPS_URL = { expected: 'an https URL of at most 2048 characters', isValid: isHttpsUrl };

const RULES: Readonly<Record<ManifestKey, Rule>> = {
  MicrosoftAppId: {
    expected: 'a GUID',
    remedy: "Copy the Application (client) ID from the overview page of the bot's app registration.",
    isValid: isGuid,
  },
  MANIFEST_ID: {
    expected: 'a GUID',
    remedy: 'Leave it out to use MicrosoftAppId. Once the app is published, never change it.',
    isValid: isGuid,
    fallback: { key: 'MicrosoftAppId' },
  },
  MANIFEST_VERSION: {
    expected: 'three numbers such as 1.0.1',
    remedy: 'Leave it out for the first upload, and raise it with each later one.',
    isValid: (value) => /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/.test(value),
    fallback: { value: '1.0.0' },
  },
  MANIFEST_DEVELOPER_NAME: {
    expected: `a name of 1 to ${MAX_DEVELOPER_NAME_LENGTH} characters`,
    remedy: 'Set it to the name of your organization: Teams shows it as the publisher of the app.',
    isValid: (value) => value.length <= MAX_DEVELOPER_NAME_LENGTH && !/\p{Cc}/u.test(value),
  },
  MANIFEST_WEBSITE_URL: {
    ...HTTPS_URL,
    remedy: 'Set it to a page where people find help with Bellhop; Teams links to it from the app.',
  },
  MANIFEST_PRIVACY_URL: {
    ...HTTPS_URL,
    remedy: "Set it to your organization's privacy page, or leave it out to use MANIFEST_WEBSITE_URL.",
    fallback: { key: 'MANIFEST_WEBSITE_URL' },
  },
  MANIFEST_TERMS_URL: {
    ...HTTPS_URL,
    remedy: "Set it to your organization's terms of use, or leave it out to use MANIFEST_WEBSITE_URL.",
    fallback: { key: 'MANIFEST_WEBSITE_URL' },
  },
};

/** Whether the service is to be told who has read what; its own settings say whether the value is right. Pure. */
export function asksForReads(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['READ_RECEIPTS']?.trim().toLowerCase() !== 'off';
}

/** Reads and checks the settings, all faults at once. Blank counts as absent. Pure. */
export function parseManifestSettings(env: Readonly<Record<string, string | undefined>>): ManifestReading {
  const faults = MANIFEST_KEYS.filter((key) => !isAcceptable(key, env)).map((key) => faultOf(key));
  if (faults.length > 0) {
    return { kind: 'faults', faults };
  }
  return {
    kind: 'settings',
    settings: {
      MicrosoftAppId: readValue('MicrosoftAppId', env),
      MANIFEST_ID: readValue('MANIFEST_ID', env),
      MANIFEST_VERSION: readValue('MANIFEST_VERSION', env),
      MANIFEST_DEVELOPER_NAME: readValue('MANIFEST_DEVELOPER_NAME', env),
      MANIFEST_WEBSITE_URL: readValue('MANIFEST_WEBSITE_URL', env),
      MANIFEST_PRIVACY_URL: readValue('MANIFEST_PRIVACY_URL', env),
      MANIFEST_TERMS_URL: readValue('MANIFEST_TERMS_URL', env),
    },
  };
}

function isAcceptable(key: ManifestKey, env: Environment): boolean {
  const { isValid, fallback } = RULES[key];
  const given = env[key]?.trim();
  return given ? isValid(given) : fallback !== undefined;
}

function readValue(key: ManifestKey, env: Environment): string {
  const { fallback } = RULES[key];
  const given = env[key]?.trim() ?? '';
  if (given || !fallback) {
    return given;
  }
  return 'key' in fallback ? readValue(fallback.key, env) : fallback.value;
}

function faultOf(key: ManifestKey): ManifestFault {
  const { expected, remedy } = RULES[key];
  return { key, expected, remedy };
}

function isHttpsUrl(value: string): boolean {
  return value.length <= MAX_URL_LENGTH && URL.canParse(value) && new URL(value).protocol === 'https:';
}
