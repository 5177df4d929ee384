// One turn of the SDK, in memory: an activity that was let in goes in, the answer to its HTTP request comes out.

import { type ActivityHandler, CloudAdapter } from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConstants,
  BotFrameworkAuthentication,
  ClaimsIdentity,
  ConnectorClient,
  ConnectorFactory,
  UserTokenClient,
} from 'botframework-connector';
import { AppError } from '../domain/errors.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { InboundActivity } from './activity-shape.ts';

export interface TurnAnswer {
  /** The HTTP status. */
  readonly status: number;
  readonly body?: unknown;
}

/** Never rejects; a handler that fails gives 500 without a body, upon which Teams sends the activity again. */
export type RunTurn = (activity: InboundActivity, handler: ActivityHandler) => Promise<TurnAnswer>;

/**
 * Gives the function that runs turns. The caller answers for the activity: nothing here checks it once more, because
 * the SDK's own check fetches keys without a time-out and remembers what it refuses. No turn makes a request of its
 * own: what the bot says goes through the delivery queue, and trying to say it here fails.
 */
export function createTurnRunner(deps: { readonly logger: Logger }, options: { readonly appId: string }): RunTurn {
  const authentication = new CheckedBefore(options.appId);
  return async (activity, handler) => {
    const response = new TurnResponse();
    let hasFailed = false;
    const fail = (error: unknown) => {
      hasFailed = true;
      deps.logger.error({ activityType: activity.type, error: describeError(error) }, 'turn failed');
    };
    const adapter = new CloudAdapter(authentication);
    // Without it the SDK prints the error to the console and sends its message to the caller.
    adapter.onTurnError = async (_context, error) => fail(error);
    try {
      await adapter.process({ method: 'POST', headers: {}, body: activity }, response, (turn) => handler.run(turn));
    } catch (error) {
      fail(error);
    }
    return hasFailed ? { status: 500 } : response.answer();
  };
}

/** What the SDK needs of an HTTP response. */
class TurnResponse {
  readonly socket = undefined;
  #status = 500;
  #body: unknown;

  status(code: number): void {
    this.#status = code;
  }

  send(body: unknown): void {
    this.#body = body;
  }

  header(): void {
    // Nothing that the SDK sets is of use.
  }

  end(): void {
    // The answer is read when the turn is over.
  }

  answer(): TurnAnswer {
    return { status: this.#status, ...(this.#body !== undefined && { body: this.#body }) };
  }
}

/** Stands where the SDK would verify tokens and build clients. */
class CheckedBefore extends BotFrameworkAuthentication {
  readonly #appId: string;

  constructor(appId: string) {
    super();
    this.#appId = appId;
  }

  override async authenticateRequest(): Promise<AuthenticateRequestResult> {
    const claims = [{ type: AuthenticationConstants.AudienceClaim, value: this.#appId }];
    return {
      audience: '',
      claimsIdentity: new ClaimsIdentity(claims, this.#appId !== ''),
      connectorFactory: new NoConnectorFactory(),
    };
  }

  override authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    return Promise.reject(new AppError('unauthenticated', 'Streaming connections are not served.'));
  }

  override createConnectorFactory(): ConnectorFactory {
    throw noRequests();
  }

  override async createUserTokenClient(): Promise<UserTokenClient> {
    return unusable<UserTokenClient>(UserTokenClient.prototype);
  }
}

class NoConnectorFactory extends ConnectorFactory {
  override async create(): Promise<ConnectorClient> {
    return unusable<ConnectorClient>(ConnectorClient.prototype);
  }
}

/** The SDK insists on clients for every turn. These fail as soon as something is asked of them. */
function unusable<Client extends object>(prototype: Client): Client {
  return new Proxy<Client>(prototype, {
    get(_target, property) {
      // A promise looks for `then` in what it resolves to.
      if (property === 'then') {
        return undefined;
      }
      throw noRequests();
    },
  });
}

function noRequests(): AppError {
  return new AppError('internal', 'A turn makes no requests of its own: queue a delivery instead.');
}
