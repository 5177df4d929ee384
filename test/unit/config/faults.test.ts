// How wrong settings are told: all at once, each with its remedy, none with a secret.

import { CONFIG_KEYS, SECRET_KEYS } from '../../../src/config/schema.ts';
import { faultsOf, wrongIn } from './environments.ts';

test('every fault is told at once, whether of one setting or of several together', () => {
  const faults = faultsOf({
    PORT: 'a',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'x',
    SANDBOX_URL: 'http://sandbox:1',
    METRICS_TOKEN: 'short',
    CertificateThumbprint: 'AB12',
    MicrosoftAppPassword_FILE: '/none',
    max_backlog: '5',
  });
  expect(faults.map(({ pointer }) => pointer).sort()).toEqual(
    [
      'CertificateThumbprint',
      'DATABASE_URL',
      'LOG_LEVEL',
      'METRICS_TOKEN',
      'MicrosoftAppId',
      'MicrosoftAppPassword',
      'MicrosoftAppPassword_FILE',
      'MicrosoftAppTenantId',
      'PORT',
      'SANDBOX_URL',
      'max_backlog',
    ].sort(),
  );
  for (const { detail } of faults) {
    expect(detail).toMatch(/^(Expected .|Unknown setting\. Did you mean )/);
  }
});

test('a setting has one fault, not one for each consequence', () => {
  expect(wrongIn({ MicrosoftAppType: 'MultiTenant', ALLOWED_TENANTS: 'contoso.com' })).toEqual(['ALLOWED_TENANTS']);
  expect(wrongIn({ MicrosoftAppType: 'Multi', MicrosoftAppTenantId: '' })).toEqual(['MicrosoftAppType']);
});

describe('a misspelt name', () => {
  test.each([
    ['MICROSOFT_APP_ID', 'MicrosoftAppId'],
    ['MICROSOFTAPPPASSWORD', 'MicrosoftAppPassword'],
    ['microsoftAppTenantId', 'MicrosoftAppTenantId'],
    ['Allowed_Tenants', 'ALLOWED_TENANTS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['database_url', 'DATABASE_URL'],
    ['METRICSTOKEN', 'METRICS_TOKEN'],
  ])('%s is not ignored: it is answered with %s', (name, meant) => {
    expect(faultsOf({ MicrosoftAppId: 'x', [name]: 'canary' })).toContainEqual({
      pointer: name,
      detail: `Unknown setting. Did you mean ${meant}?`,
    });
  });

  test('without a value is left alone', () => {
    expect(wrongIn({ MICROSOFT_APP_ID: '' })).toEqual([]);
  });
});

test('no fault quotes a secret, whatever else is wrong', () => {
  const env = Object.fromEntries(CONFIG_KEYS.map((key) => [key, 'wrong']));
  for (const key of SECRET_KEYS) {
    env[key] = 'canary';
    env[`${key}_FILE`] = '/canary-path';
  }
  const readFile = () => {
    throw new Error('canary');
  };
  const faults = faultsOf({ ...env, MICROSOFT_APP_PASSWORD: 'canary' }, readFile);
  expect(faults.length).toBeGreaterThan(10);
  expect(JSON.stringify(faults)).not.toContain('canary');
});
