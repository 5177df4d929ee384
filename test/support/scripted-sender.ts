// A Sender that answers what a test tells it, and remembers every request.

import type {
  AttemptResult,
  CreateConversationRequest,
  DeleteRequest,
  PostRequest,
  Sender,
  UpdateRequest,
} from '../../src/delivery/sender.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Operation, Outcome } from '../../src/domain/delivery.ts';

export interface SenderRequest {
  readonly operation: Operation;
  readonly requestId: string;
  /** Teams' id of the chat; the member's id when the chat is to be opened. */
  readonly place: string;
  readonly serviceUrl: string;
  readonly isReduced: boolean;
  /** The message that is edited or deleted. */
  readonly activityId?: string;
  /** What the message tells, and of what. */
  readonly content?: PostRequest['content'];
  readonly lifecycle?: PostRequest['lifecycle'];
  readonly menu?: PostRequest['menu'];
  readonly isThroughQuiet?: true;
  readonly asked?: PostRequest['asked'];
  readonly refreshFor?: PostRequest['refreshFor'];
  readonly isEscalated?: boolean;
  readonly atMs: number;
}

type Told = Pick<
  PostRequest,
  'content' | 'lifecycle' | 'menu' | 'isThroughQuiet' | 'asked' | 'refreshFor' | 'isEscalated'
>;

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

  post({ requestId, serviceUrl, conversationId, isReduced, ...request }: PostRequest): Promise<AttemptResult> {
    const told = toldBy(request);
    return this.#answer({ operation: 'post', requestId, serviceUrl, place: conversationId, isReduced, ...told });
  }

  update({ requestId, serviceUrl, conversationId, ...request }: UpdateRequest): Promise<AttemptResult> {
    const { isReduced, activityId } = request;
    const told = { activityId, ...toldBy(request) };
    return this.#answer({ operation: 'update', requestId, serviceUrl, place: conversationId, isReduced, ...told });
  }

  delete({ requestId, serviceUrl, conversationId, activityId }: DeleteRequest): Promise<AttemptResult> {
    const place = { place: conversationId, isReduced: false, activityId };
    return this.#answer({ operation: 'delete', requestId, serviceUrl, ...place });
  }

  async #answer(parts: Omit<SenderRequest, 'atMs'>): Promise<AttemptResult> {
    const request = { ...parts, atMs: this.#clock.nowMs() };
    this.requests.push(request);
    return { outcome: await this.script(request), trace: { httpStatus: 299, correlationId: 'cv.1' } };
  }
}

function toldBy({ content, lifecycle, menu, isThroughQuiet, asked, refreshFor, isEscalated }: Told): Told {
  return {
    content,
    ...(lifecycle && { lifecycle }),
    ...(menu && { menu }),
    ...(isThroughQuiet && { isThroughQuiet }),
    ...(asked && { asked }),
    ...(refreshFor && { refreshFor }),
    ...(isEscalated && { isEscalated }),
  };
}

export function succeed(request: SenderRequest): Outcome {
  switch (request.operation) {
    case 'post':
      return { kind: 'delivered', activityId: `activity-${request.requestId}` };
    case 'update':
      return { kind: 'edited' };
    case 'delete':
      return { kind: 'removed' };
    case 'create_conversation':
      return { kind: 'created', conversationId: CREATED_CHAT };
  }
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
