// `POST /api/messages`, free of HTTP: what becomes of one request from Teams.

import type { Clock } from '../domain/clock.ts';
import type { InboundUseCases } from '../installations/inbound-use-cases.ts';
import type { Logger } from '../telemetry/logger.ts';
import { InboundActivityHandler } from './activity-handler.ts';
import { createTurnRunner, type TurnAnswer } from './adapter.ts';
import type { InboundGuard, InboundRequest } from './inbound-guard.ts';

/** What the endpoint is made of. */
export interface ActivityEndpointDeps {
  readonly guard: InboundGuard;
  readonly handle: InboundUseCases;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Gives the function that answers requests from Teams. It never rejects. `body` is set only where Teams expects one,
 * in answers to invokes; refusals and failures have a status alone, so that they tell a stranger nothing.
 */
export function createActivityEndpoint(
  { guard, handle, logger, clock }: ActivityEndpointDeps,
  options: { readonly appId: string },
): (request: InboundRequest) => Promise<TurnAnswer> {
  const handler = new InboundActivityHandler({ handle, clock });
  const runTurn = createTurnRunner({ logger }, options);
  return async (request) => {
    const verdict = await guard(request);
    return verdict.kind === 'accepted' ? runTurn(verdict.activity, handler) : { status: verdict.status };
  };
}
