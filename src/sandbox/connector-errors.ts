// The documented errors of the Bot Connector, in the shapes in which it answers them.

import type { Answer } from './exchange.ts';

interface DocumentedError {
  readonly status: number;
  readonly message: string;
}

const ERRORS = {
  BadArgument: { status: 400, message: 'The request has an argument that is not valid.' },
  BadSyntax: { status: 400, message: 'The request is malformed.' },
  MissingProperty: { status: 400, message: 'The request lacks a property.' },
  BotNotRegistered: { status: 401, message: 'No registration found for this bot.' },
  AuthorizationError: { status: 401, message: 'The caller is not authorized.' },
  BotNotInConversationRoster: { status: 403, message: 'The bot is not part of the conversation roster.' },
  ForbiddenOperationException: { status: 403, message: "The bot is not installed in the user's personal scope." },
  ConversationBlockedByUser: { status: 403, message: 'User blocked the conversation with the bot.' },
  BotDisabledByAdmin: { status: 403, message: 'The tenant admin disabled this bot.' },
  InvalidBotApiHost: { status: 403, message: 'Invalid bot api host for this tenant.' },
  NotEnoughPermissions: { status: 403, message: 'Not enough permissions for this operation.' },
  ConversationNotFound: { status: 404, message: 'Conversation not found.' },
  ActivityNotFoundInConversation: { status: 404, message: 'Activity not found in the conversation.' },
  PreconditionFailed: { status: 412, message: 'Precondition failed, please try again.' },
  MessageSizeTooBig: { status: 413, message: 'Message size too large.' },
  Throttled: { status: 429, message: 'Too many requests.' },
  ServiceError: { status: 500, message: 'Internal server error.' },
} as const satisfies Record<string, DocumentedError>;

/** `MessageWritesBlocked` and `AuthorizationDenied` have body shapes of their own. */
export type ConnectorErrorName = keyof typeof ERRORS | 'MessageWritesBlocked' | 'AuthorizationDenied';

/** Whether this is the name of a documented error. */
export function isConnectorErrorName(value: unknown): value is ConnectorErrorName {
  return (
    typeof value === 'string' &&
    (Object.hasOwn(ERRORS, value) || value === 'MessageWritesBlocked' || value === 'AuthorizationDenied')
  );
}

/** @param message in the place of the usual one, when it can say what was wrong */
export function refuse(name: ConnectorErrorName, message?: string): Answer {
  switch (name) {
    case 'AuthorizationDenied':
      return { status: 401, json: { message: message ?? 'Authorization has been denied for this request.' } };
    case 'MessageWritesBlocked':
      return { status: 403, json: { errorCode: 209, message: nestedError(name, message) } };
    default: {
      const error = ERRORS[name];
      return { status: error.status, json: { error: { code: name, message: message ?? error.message } } };
    }
  }
}

/** A 429 with the whole seconds to wait, rounded up. */
export function throttle(waitMs: number): Answer {
  return { ...refuse('Throttled'), headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) } };
}

function nestedError(subCode: string, details = 'Thread is not writable.'): string {
  return JSON.stringify({ subCode, details, errorCode: null, errorSubCode: null }, undefined, 2).replaceAll(
    '\n',
    '\r\n',
  );
}
