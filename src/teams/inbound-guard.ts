// Who gets in: decides about a request before the SDK sees anything of it.

import type { Clock } from '../domain/clock.ts';
import { isGuid } from '../domain/person.ts';
import { isLoopbackHost, isTrustedServiceUrl, type ServiceUrlPolicy } from '../domain/service-url.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type InboundActivity, parseActivity } from './activity-shape.ts';
import { tenantIdOf } from './read-activity.ts';
import type { SigningKeys } from './signing-keys.ts';
import { verifyToken } from './verify-token.ts';

export interface InboundRequest {
  /** The header as it came. */
  readonly authorization: string | undefined;
  readonly body: Buffer;
  /** The other end of the connection itself, not what a proxy says about it. */
  readonly peerAddress: string | undefined;
}

/** Why a request was refused, for the log. */
export type RefusalReason = 'peer' | 'token' | 'shape' | 'service_url_claim' | 'channel' | 'service_url' | 'tenant';

export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 403;
  readonly reason: RefusalReason;
  /** The tenant that was not allowed. */
  readonly tenantId?: string | undefined;
}

export type GuardResult = { readonly kind: 'accepted'; readonly activity: InboundActivity } | Refusal;

/** What the guard asks and tells. */
export interface InboundGuardDeps {
  readonly keys: Pick<SigningKeys, 'find'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface InboundGuardOptions {
  /** The audience of genuine tokens. */
  readonly appId: string;
  readonly issuer: string;
  readonly serviceUrlPolicy: ServiceUrlPolicy;
  /** Entra tenant ids, lower case. */
  readonly allowedTenants: ReadonlySet<string>;
  /**
   * For local tools such as Microsoft's Agents Playground, which send no token, invented tenants and channels of their
   * own. There is no app id then that a token could be for, so a token is not looked at, and neither are the channel
   * and the list of tenants. In return both ends must be this machine: the peer, and the address that answers go to.
   * A reverse proxy or tunnel on this machine would let everybody in.
   */
  readonly isUnauthenticatedLoopback: boolean;
}

export type InboundGuard = (request: InboundRequest) => Promise<GuardResult>;

/**
 * Gives the function that lets an activity in or refuses it. Whatever it is given, it neither throws nor rejects, and
 * it keeps nothing of what it refuses.
 *
 * No signature covers the body. So the token comes first, without it the body is not even parsed, and the Connector's
 * address ties the two together.
 */
export function createInboundGuard(deps: InboundGuardDeps, options: InboundGuardOptions): InboundGuard {
  return async (request) => {
    const result = options.isUnauthenticatedLoopback ? judgeLocal(request) : await judgeSigned(request, deps, options);
    if (result.kind === 'refused') {
      logRefusal(deps.logger, result);
    }
    return result;
  };
}

async function judgeSigned(
  { authorization, body }: InboundRequest,
  deps: InboundGuardDeps,
  options: InboundGuardOptions,
): Promise<GuardResult> {
  const token = await verifyToken(deps, options, authorization);
  if (!token) {
    return refuse(401, 'token');
  }
  const activity = parseActivity(body);
  if (!activity) {
    return refuse(400, 'shape');
  }
  if (activity.serviceUrl !== token.serviceUrl) {
    return refuse(401, 'service_url_claim');
  }
  if (activity.channelId !== 'msteams') {
    return refuse(403, 'channel');
  }
  if (!isTrustedServiceUrl(activity.serviceUrl, options.serviceUrlPolicy)) {
    return refuse(403, 'service_url');
  }
  return isFromAllowedTenant(activity, options.allowedTenants)
    ? { kind: 'accepted', activity }
    : { ...refuse(403, 'tenant'), tenantId: tenantIdOf(activity) };
}

function judgeLocal({ body, peerAddress }: InboundRequest): GuardResult {
  if (!isLoopbackPeer(peerAddress)) {
    return refuse(403, 'peer');
  }
  const activity = parseActivity(body);
  if (!activity) {
    return refuse(400, 'shape');
  }
  if (!isTrustedServiceUrl(activity.serviceUrl, { kind: 'loopback' })) {
    return refuse(403, 'service_url');
  }
  return tenantIdOf(activity) === undefined ? refuse(403, 'tenant') : { kind: 'accepted', activity };
}

/** Newer activities name the tenant twice; both must agree. */
function isFromAllowedTenant({ channelData, conversation }: InboundActivity, allowed: ReadonlySet<string>): boolean {
  const tenantId = channelData?.tenant?.id;
  const isUnanimous = conversation.tenantId === undefined || conversation.tenantId === tenantId;
  return tenantId !== undefined && isUnanimous && allowed.has(tenantId);
}

function isLoopbackPeer(address = ''): boolean {
  return address === '::1' || isLoopbackHost(address.replace(/^::ffff:/, ''));
}

function refuse(status: Refusal['status'], reason: RefusalReason): Refusal {
  return { kind: 'refused', status, reason };
}

/** Refusals that anybody can cause, as often as they like, must not fill the log. */
function logRefusal(logger: Logger, { reason, tenantId }: Refusal): void {
  if (reason === 'token' || reason === 'peer') {
    logger.debug({ reason }, 'activity refused');
    return;
  }
  logger.warn({ reason, tenantId: isGuid(tenantId) ? tenantId : undefined }, 'activity refused');
}
