// Access tokens from Entra ID through botbuilder's credentials: secret, certificate or managed identity.

import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { AppCredentials, AuthenticationConstants } from 'botframework-connector';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { TokenAnswer, TokenSource } from './access-token.ts';
import { oauthErrorCode } from './client-credentials-token-source.ts';

/** How the bot proves who it is. */
export interface BotCredentials {
  readonly appId: string;
  readonly appType: 'SingleTenant' | 'MultiTenant' | 'UserAssignedMsi';
  /** Home tenant of the bot; not needed for `MultiTenant`. */
  readonly tenantId?: string;
  readonly secret?: string;
  /** Instead of the secret: thumbprint in hex, and the private key as PEM. */
  readonly certificate?: { readonly thumbprint: string; readonly privateKey: string };
}

/** When a token does not say how long it lives. */
const FALLBACK_LIFE_MS = 300_000;

/** Entra ID's own words for "ask again later"; every other OAuth error is a refusal. */
const PASSING_ERRORS = ['temporarily_unavailable', 'server_error'];

/**
 * Every request goes to Entra ID: the SDK keeps tokens in one cache of the process, under the app id, and would give
 * back a token that the Connector has refused already.
 *
 * @throws AppError `config_invalid` when the credentials are incomplete
 */
export function createMsalTokenSource(deps: { readonly clock: Clock }, credentials: BotCredentials): TokenSource {
  const factory = createFactory(credentials);
  let known: Promise<AppCredentials> | undefined;
  return {
    async requestToken() {
      try {
        known ??= createCredentials(factory, credentials.appId);
        const isForced = true;
        const token = await (await known).getToken(isForced);
        return { kind: 'issued', token, expiresAtMs: expiryOf(token) ?? deps.clock.nowMs() + FALLBACK_LIFE_MS };
      } catch (error) {
        known = undefined;
        return readFailure(error);
      }
    },
  };
}

function createFactory(credentials: BotCredentials): ConfigurationServiceClientCredentialFactory {
  const { appId, appType, tenantId, secret, certificate } = credentials;
  try {
    return new ConfigurationServiceClientCredentialFactory({
      MicrosoftAppId: appId,
      MicrosoftAppType: appType,
      ...(tenantId && { MicrosoftAppTenantId: tenantId }),
      ...(secret && { MicrosoftAppPassword: secret }),
      ...(certificate && {
        CertificateThumbprint: certificate.thumbprint,
        CertificatePrivateKey: certificate.privateKey,
      }),
    });
  } catch {
    // The SDK's error may quote what it was given.
    throw new AppError('config_invalid', `Expected complete ${appType} credentials of the bot, got some missing`);
  }
}

async function createCredentials(
  factory: ConfigurationServiceClientCredentialFactory,
  appId: string,
): Promise<AppCredentials> {
  const credentials = await factory.createCredentials(
    appId,
    AuthenticationConstants.ToChannelFromBotOAuthScope,
    AuthenticationConstants.ToChannelFromBotLoginUrlPrefix,
    true,
  );
  if (credentials instanceof AppCredentials) {
    return credentials;
  }
  throw new AppError('internal', 'Expected credentials of the SDK that give tokens');
}

/** The `exp` claim. Not verified: the token is ours to send, not to trust. */
function expiryOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { exp } = Object(claims);
    return typeof exp === 'number' ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}

function readFailure(error: unknown): TokenAnswer {
  const { name, errorCode, message } = Object(error);
  const code = oauthErrorCode(errorCode);
  // The number alone: the text around it names the app, the tenant and sometimes more.
  const [number] = /AADSTS\d{1,9}/.exec(String(message)) ?? [];
  const reason = [code, number].filter((part) => part !== undefined).join(' ');
  const isRefusal = name === 'ServerError' && code !== 'unknown' && !PASSING_ERRORS.includes(code);
  return { kind: isRefusal ? 'refused' : 'unavailable', reason };
}
