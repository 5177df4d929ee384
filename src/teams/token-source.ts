// Which identity provider gives the bot its tokens.

import type { Clock } from '../domain/clock.ts';
import { type ClosableTokenSource, createClientCredentialsTokenSource } from './client-credentials-token-source.ts';
import { createMsalTokenSource } from './msal-token-source.ts';

export interface TokenSourceOptions {
  readonly appId: string;
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMSI';
  readonly tenantId: string | undefined;
  readonly credentials:
    | { readonly kind: 'none' | 'managedIdentity' }
    | { readonly kind: 'password'; readonly password: string }
    | { readonly kind: 'certificate'; readonly thumbprint: string; readonly privateKey: string };
  /** Where a stand-in for Entra ID gives tokens; undefined when Entra ID itself does. */
  readonly standInTokenUrl: string | undefined;
  readonly tokenScope: string;
}

/** @throws AppError `config_invalid` when the credentials are incomplete */
export function createTokenSource(deps: { readonly clock: Clock }, options: TokenSourceOptions): ClosableTokenSource {
  const { appId, credentials, standInTokenUrl: tokenUrl, tokenScope: scope } = options;
  if (credentials.kind === 'none') {
    // A local tool that asks for no token gets a word in its place; the address rule keeps it on this machine.
    const answer = { kind: 'issued', token: 'unauthenticated', expiresAtMs: Number.MAX_SAFE_INTEGER } as const;
    return { requestToken: async () => answer, close: async () => undefined };
  }
  if (tokenUrl !== undefined) {
    const clientSecret = credentials.kind === 'password' ? credentials.password : '';
    return createClientCredentialsTokenSource(deps, { tokenUrl, clientId: appId, clientSecret, scope });
  }
  return { ...createEntraSource(deps, options), close: async () => undefined };
}

function createEntraSource(
  deps: { readonly clock: Clock },
  { appId, appType, tenantId, credentials }: TokenSourceOptions,
) {
  return createMsalTokenSource(deps, {
    appId,
    appType: appType === 'UserAssignedMSI' ? 'UserAssignedMsi' : appType,
    ...(tenantId !== undefined && { tenantId }),
    ...(credentials.kind === 'password' && { secret: credentials.password }),
    ...(credentials.kind === 'certificate' && { certificate: credentials }),
  });
}
