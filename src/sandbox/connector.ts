// The Bot Connector of the sandbox: checks each request as strictly as Teams does, and writes it into the ledger.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { type ConnectorCall, readConnectorCall } from './connector-call.ts';
import { refuse, throttle } from './connector-errors.ts';
import type { Conversations, SandboxConversation } from './conversations.ts';
import type { SandboxEvents } from './events.ts';
import { type Answer, isJsonType, parseJsonObject, readBody, sendAnswer } from './exchange.ts';
import { answerWithFault, statusOf } from './fault-answers.ts';
import type { Fault, Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { MessageOperations, OperationResult } from './message-operations.ts';
import type { LimitGroup, RateLimits } from './rate-limits.ts';
import type { RosterOperations } from './roster-operations.ts';
import type { Tokens } from './tokens.ts';

/** Far above what a message may have, because images in base64 do not count. */
const MAX_BODY_BYTES = 4 * 1_024 * 1_024;

/** The parts that a request goes through. */
export interface ConnectorDeps {
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly events: SandboxEvents;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly limits: RateLimits;
  readonly messages: MessageOperations;
  readonly roster: RosterOperations;
  readonly tokens: Tokens;
}

type Body = Readonly<Record<string, unknown>>;

/** Answers everything below the serviceUrl. */
export class Connector {
  readonly #deps: ConnectorDeps;

  constructor(deps: ConnectorDeps) {
    this.#deps = deps;
  }

  /** @param path below the serviceUrl, without query */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { clock, faults } = this.#deps;
    const receivedAtMs = clock.nowMs();
    const call = readConnectorCall(request.method ?? '', path);
    const body = await readBody(request, MAX_BODY_BYTES);
    const fault = faults.take({ target: 'connector', ...call });
    const result = fault && !fault.isCarriedOut ? notCarriedOut(fault) : this.#carryOut(call, request, body);
    this.#record({ receivedAtMs, call, request, fault, result });
    response.setHeader('ms-cv', `${randomUUID()}.0`);
    response.setHeader('x-correlating-operationid', randomUUID());
    if (fault) {
      answerWithFault({ clock, response }, fault.answer, result.answer);
      return;
    }
    sendAnswer(response, result.answer);
  }

  #record(exchange: {
    readonly receivedAtMs: number;
    readonly call: ConnectorCall;
    readonly request: IncomingMessage;
    readonly fault: Fault | undefined;
    readonly result: OperationResult;
  }): void {
    const { receivedAtMs, call, request, fault, result } = exchange;
    const requestId = request.headers['x-ms-client-request-id'];
    const conversationId = call.conversationId ?? call.teamId ?? result.conversationId;
    const activityId = result.activityId ?? call.activityId;
    const entry = this.#deps.ledger.add({
      receivedAtMs,
      operation: call.operation,
      ...(conversationId !== undefined && { conversationId }),
      status: fault ? statusOf(fault.answer, result.answer) : result.answer.status,
      ...(activityId !== undefined && { activityId }),
      ...(typeof requestId === 'string' && { requestId }),
      posted: result.posted,
      ...(fault && { faultId: fault.id }),
    });
    this.#deps.events.emit({ kind: 'request', entry });
  }

  #carryOut(call: ConnectorCall, request: IncomingMessage, body: Buffer | undefined): OperationResult {
    if (!this.#deps.tokens.isAuthorized(request.headers.authorization)) {
      return refused(refuse('AuthorizationDenied'));
    }
    if (!body) {
      return refused(refuse('MessageSizeTooBig'));
    }
    switch (call.operation) {
      case 'unknown':
        return refused({ status: 404, json: { message: 'No resource was found that matches the request.' } });
      case 'createConversation':
      case 'sendToConversation':
      case 'replyToActivity':
      case 'updateActivity': {
        const parsed = isJsonType(request.headers['content-type']) ? parseJsonObject(body) : undefined;
        return parsed
          ? this.#write(call, parsed)
          : refused(refuse('BadSyntax', 'Expected a JSON object with the content type application/json'));
      }
      case 'deleteActivity':
        return this.#write(call, {});
      default:
        return refused(this.#read(call, request.url ?? ''));
    }
  }

  #write(call: ConnectorCall, body: Body): OperationResult {
    const { messages, conversations, limits } = this.#deps;
    const isCreate = call.operation === 'createConversation';
    const target = isCreate ? messages.createTarget(body) : conversations.find(call.conversationId ?? '');
    const group = isCreate ? 'create' : 'send';
    const key = call.conversationId ?? target?.id ?? '';
    const waitMs = limits.admit(group, key);
    if (waitMs > 0) {
      return { ...refused(throttle(waitMs)), ...(target && { conversationId: target.id }) };
    }
    const result = isCreate ? messages.create(body) : this.#writeMessage(call, target, body);
    if (result.posted > 1) {
      limits.count(group, key);
    }
    return { ...result, ...(target && { conversationId: target.id }) };
  }

  #writeMessage(call: ConnectorCall, target: SandboxConversation | undefined, body: Body): OperationResult {
    const { messages, conversations } = this.#deps;
    const activityId = call.activityId ?? '';
    if (!target) {
      return refused(refuse('ConversationNotFound'));
    }
    const threadId = /;messageid=(.*)$/.exec(call.conversationId ?? '')?.[1];
    const isChange = call.operation === 'updateActivity' || call.operation === 'deleteActivity';
    if (isChange && threadId !== undefined && !conversations.isInThread(target, activityId, threadId)) {
      return refused(refuse('ActivityNotFoundInConversation'));
    }
    switch (call.operation) {
      case 'updateActivity':
        return messages.update(target, activityId, body);
      case 'deleteActivity':
        return messages.remove(target, activityId);
      default:
        return messages.post(target, body, threadId);
    }
  }

  #read(call: ConnectorCall, url: string): Answer {
    const { conversations, limits, roster } = this.#deps;
    const id = call.conversationId ?? call.teamId ?? '';
    const waitMs = limits.admit(readGroup(call), id);
    if (waitMs > 0) {
      return throttle(waitMs);
    }
    const conversation = conversations.find(id);
    if (!conversation) {
      return refuse('ConversationNotFound');
    }
    switch (call.operation) {
      case 'getMembers':
        return roster.members(conversation);
      case 'getMember':
        return roster.member(conversation, call.memberId ?? '');
      case 'getPagedMembers':
        return roster.pagedMembers(conversation, new URLSearchParams(url.split('?')[1]));
      case 'getTeam':
        return roster.team(id);
      default:
        return roster.teamChannels(id);
    }
  }
}

function refused(answer: Answer): OperationResult {
  return { answer, posted: 0 };
}

/** The proper answer to a request that only a fault answers: an empty object. */
function notCarriedOut(fault: Fault): OperationResult {
  return { answer: { status: 200, json: { fault: fault.id } }, posted: 0 };
}

function readGroup(call: ConnectorCall): LimitGroup {
  switch (call.operation) {
    case 'getMembers':
      return 'allMembers';
    case 'getMember':
    case 'getPagedMembers':
      return 'members';
    default:
      return 'conversations';
  }
}
