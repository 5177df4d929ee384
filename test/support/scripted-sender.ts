// A Sender that answers what a test tells it, and remembers every request.

import type { AttemptResult, CreateConversationRequest, PostRequest, Sender } from '../../src/delivery/sender.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Operation, Outcome } from '../../src/domain/delivery.ts';

export interface SenderRequest {
  readonly operation: Operation;
  readonly requestId: string;
  /** Teams' id of the chat; the member's id when the chat is to be opened. */
  readonly place: string;
  readonly serviceUrl: string;
  readonly isReduced: boolean;
  readonly atMs: number;
}

export type Script = (request: SenderRequest) => Outcome | Promise<Outcome>;

export const CREATED_CHAT = 'a:created';

/** Succeeds unless `script` says otherwise. */
export class ScriptedSender implements Sender {
  readonly requests: SenderRequest[] = [];
  script: Script = succeed;
  /** Throws while no token can be had. */
  prepare: Sender['prepare'] = async () => undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get posts(): readonly SenderRequest[] {
    return this.requests.filter((request) => request.operation === 'post');
  }

  createConversation({ requestId, serviceUrl, memberId }: CreateConversationRequest): Promise<AttemptResult> {
    return this.#answer({ operation: 'create_conversation', requestId, serviceUrl, place: memberId, isReduced: false });
  }

  post({ requestId, serviceUrl, conversationId, isReduced }: PostRequest): Promise<AttemptResult> {
    return this.#answer({ operation: 'post', requestId, serviceUrl, place: conversationId, isReduced });
  }

  async #answer(parts: Omit<SenderRequest, 'atMs'>): Promise<AttemptResult> {
    const request = { ...parts, atMs: this.#clock.nowMs() };
    this.requests.push(request);
    return { outcome: await this.script(request), trace: { httpStatus: 299, correlationId: 'cv.1' } };
  }
}

export function succeed(request: SenderRequest): Outcome {
  return request.operation === 'post'
    ? { kind: 'delivered', activityId: `activity-${request.requestId}` }
    : { kind: 'created', conversationId: CREATED_CHAT };
}

/** Gives these outcomes one after the other, then success. */
export function inTurn(...outcomes: readonly Outcome[]): Script {
  const left = [...outcomes];
  return (request) => left.shift() ?? succeed(request);
}

export interface Gate {
  readonly script: Script;
  /** Lets every request through that waits, and those to come. */
  open(outcome?: Outcome): void;
}

/** Holds requests back until it is opened. */
export function createGate(): Gate {
  const gate = Promise.withResolvers<Outcome | undefined>();
  return {
    script: async (request) => (await gate.promise) ?? succeed(request),
    open: (outcome) => gate.resolve(outcome),
  };
}
