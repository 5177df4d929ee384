// Reads what a request to the control API asks for; what cannot be read is refused in words.

import type { IncomingMessage } from 'node:http';
import { AppError } from '../domain/errors.ts';
import type { ButtonPress } from './button-presses.ts';
import { isJsonType, isRecord, parseJsonObject, readBody } from './exchange.ts';
import type { PersonChange } from './organisation.ts';
import type { PlacedSaying, Reacting } from './people-actions.ts';
import { PERSON_ROLES } from './residents.ts';

export type ControlBody = Readonly<Record<string, unknown>>;

const MAX_BODY_BYTES = 1_048_576;
const MAX_TEXT_LENGTH = 28_000;
const MAX_WORD_LENGTH = 256;

/** The JSON object of a change; an empty one when there is no body. @throws AppError `invalid_request` */
export async function readControlBody(request: IncomingMessage): Promise<ControlBody> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes?.length === 0) {
    return {};
  }
  const body = bytes && isJsonType(request.headers['content-type']) ? parseJsonObject(bytes) : undefined;
  if (!body) {
    throw new AppError('invalid_request', 'Expected a JSON object of at most 1 MB as application/json');
  }
  return body;
}

/** @throws AppError `invalid_request` */
export function readText(body: ControlBody): string {
  const text = typeof body['text'] === 'string' ? body['text'].trim() : '';
  if (text === '' || text.length > MAX_TEXT_LENGTH) {
    throw new AppError('invalid_request', `Expected \`text\` to be 1 to ${MAX_TEXT_LENGTH} characters`);
  }
  return text;
}

/** A name, a key or an id. @throws AppError `invalid_request` */
export function readWord(body: ControlBody, name: string): string {
  const word = typeof body[name] === 'string' ? body[name].trim() : '';
  if (word === '' || word.length > MAX_WORD_LENGTH) {
    throw new AppError('invalid_request', `Expected \`${name}\` to be 1 to ${MAX_WORD_LENGTH} characters`);
  }
  return word;
}

/** @throws AppError `invalid_request` */
export function readPress(body: ControlBody): ButtonPress {
  const { messageId, action, inputs } = body;
  if (typeof messageId !== 'string' || typeof action !== 'string') {
    throw new AppError('invalid_request', 'Expected `messageId`, and `action`: the id or the title of a button');
  }
  return { messageId, action, inputs: isRecord(inputs) ? inputs : {} };
}

/** @throws AppError `invalid_request` */
export function readSaying(body: ControlBody): PlacedSaying {
  const { mentions, threadId } = body;
  if (mentions !== undefined && !(Array.isArray(mentions) && mentions.every((key) => typeof key === 'string'))) {
    throw new AppError('invalid_request', 'Expected `mentions` to be a list of the keys of people');
  }
  if (threadId !== undefined && typeof threadId !== 'string') {
    throw new AppError('invalid_request', "Expected `threadId` to be the id of a thread's first message");
  }
  return { person: readWord(body, 'person'), text: readText(body), mentions, threadId };
}

/** @throws AppError `invalid_request` */
export function readPersonChange(body: ControlBody): PersonChange {
  const unknown = Object.keys(body).find((name) => !['locale', 'timeZone', 'role'].includes(name));
  const role = PERSON_ROLES.find((known) => known === body['role']);
  if (unknown !== undefined || Object.keys(body).length === 0 || (body['role'] !== undefined && !role)) {
    throw new AppError('invalid_request', `Expected \`locale\`, \`timeZone\` or \`role\`: ${PERSON_ROLES.join(', ')}`);
  }
  return {
    ...(body['locale'] !== undefined && { locale: readWord(body, 'locale') }),
    ...(body['timeZone'] !== undefined && { timeZone: readWord(body, 'timeZone') }),
    ...(role && { role }),
  };
}

/** @throws AppError `invalid_request` */
export function readReaction(body: ControlBody): Reacting {
  const { isAdded } = body;
  if (isAdded !== undefined && typeof isAdded !== 'boolean') {
    throw new AppError('invalid_request', 'Expected `isAdded` to be true or false');
  }
  return {
    messageId: readWord(body, 'messageId'),
    type: readWord(body, 'type'),
    ...(body['person'] !== undefined && { person: readWord(body, 'person') }),
    ...(isAdded !== undefined && { isAdded }),
  };
}
