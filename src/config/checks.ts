// What settings must be together, and names that were meant to be settings.

import type { Fault } from '../domain/errors.ts';
import { isGuid } from '../domain/person.ts';
import { isLoopbackHost } from '../domain/service-url.ts';
import type { Env, Values } from './schema.ts';

interface Rule {
  readonly isKept: boolean;
  readonly pointer: string;
  readonly detail: string;
}

/** Who the bot is. Without an app id the SDK would switch authentication off: that never starts by accident. */
export function checkIdentity(values: Values): readonly Fault[] {
  const hasSecret = values.MicrosoftAppPassword !== '' || values.CertificatePrivateKey !== '';
  if (values.ALLOW_UNAUTHENTICATED_LOOPBACK === 'true') {
    return checkUnauthenticated(values, hasSecret);
  }
  const type = values.MicrosoftAppType;
  const rules: readonly Rule[] = [
    {
      isKept: isGuid(values.MicrosoftAppId),
      pointer: 'MicrosoftAppId',
      detail: 'Expected the application (client) id of the Azure Bot, a GUID',
    },
    {
      isKept: type === 'MultiTenant' || isGuid(values.MicrosoftAppTenantId),
      pointer: 'MicrosoftAppTenantId',
      detail: `Expected the directory (tenant) id, a GUID; a ${type} bot needs it`,
    },
    {
      isKept: type !== 'MultiTenant' || values.ALLOWED_TENANTS.length > 0,
      pointer: 'ALLOWED_TENANTS',
      detail: 'Expected the tenants that may use a MultiTenant bot; otherwise anybody could',
    },
    {
      isKept: type === 'UserAssignedMSI' || hasSecret,
      pointer: 'MicrosoftAppPassword',
      detail: 'Expected a client secret, or CertificateThumbprint and CertificatePrivateKey instead',
    },
    {
      isKept: (values.CertificateThumbprint === '') === (values.CertificatePrivateKey === ''),
      pointer: 'CertificateThumbprint',
      detail: 'Expected CertificateThumbprint and CertificatePrivateKey together, found one of them',
    },
  ];
  return rules.filter((rule) => !rule.isKept).map(({ pointer, detail }) => ({ pointer, detail }));
}

function checkUnauthenticated(values: Values, hasSecret: boolean): readonly Fault[] {
  const isOpenOnly = values.MicrosoftAppId === '' && !hasSecret && values.SANDBOX_URL === '';
  return isOpenOnly && (isLoopbackHost(values.HOST) || values.HOST === '::1')
    ? []
    : [
        {
          pointer: 'ALLOW_UNAUTHENTICATED_LOOPBACK',
          detail:
            'Expected no app id, no secret, no SANDBOX_URL and a loopback HOST: it is for local tools only. Remove it, or remove those',
        },
      ];
}

/** A stand-in for Teams is trusted with the bot's secret: it must be on this machine. */
export function checkStandIn({ SANDBOX_URL: url }: Values): readonly Fault[] {
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

/** With the key before alone, nothing could be sealed any more. */
export function checkSealing(values: Values): readonly Fault[] {
  return values.ENCRYPTION_KEY_PREVIOUS === undefined || values.ENCRYPTION_KEY !== undefined
    ? []
    : [{ pointer: 'ENCRYPTION_KEY', detail: 'Expected the present key beside ENCRYPTION_KEY_PREVIOUS' }];
}

/** What is known of a delivery is kept for as long as what it said, or longer. */
export function checkRetention(values: Values): readonly Fault[] {
  return values.RETENTION_METADATA_DAYS >= values.RETENTION_CONTENT_DAYS
    ? []
    : [
        {
          pointer: 'RETENTION_METADATA_DAYS',
          detail: `Expected at least as many days as RETENTION_CONTENT_DAYS (${values.RETENTION_CONTENT_DAYS}), got ${values.RETENTION_METADATA_DAYS}`,
        },
      ];
}

/** Names that differ from one of ours in case or underscores only would be ignored without a word. */
export function findMisspelt(env: Env, knownKeys: readonly string[]): readonly Fault[] {
  const fold = (key: string) => key.replaceAll('_', '').toLowerCase();
  const byFolded = new Map(knownKeys.map((key) => [fold(key), key]));
  return Object.keys(env).flatMap((key) => {
    const meant = byFolded.get(fold(key));
    return meant === undefined || meant === key || env[key] === '' || fold(key).length < 8
      ? []
      : [{ pointer: key, detail: `Unknown setting. Did you mean ${meant}?` }];
  });
}
