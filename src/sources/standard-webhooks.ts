// Senders that follow Standard Webhooks: a type, when it happened, and data of their own making.

import { AppError } from '../domain/errors.ts';
import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { headerText } from './header-text.ts';
import { at, membersAt, textAt } from './payload.ts';
import { describeEvent } from './plain-event.ts';

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const standardWebhooks: Dialect = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  body: 'json',
  auth: ['standard-webhooks'],
  translate,
};

/** As the specification has it first; then as those write it who signed like this before there was one. */
const TYPES = ['type', 'event_type', 'eventType', 'event'];
const TIMES = ['timestamp', 'created_at', 'createdAt'];

function translate({ body, headers }: SourceRequest): Translation {
  const type = TYPES.map((name) => textAt(body, name)).find((text) => text !== undefined);
  if (type === undefined) {
    throw new AppError('invalid_request', 'Expected a payload of Standard Webhooks: an object with type', {
      faults: [{ pointer: '/type', detail: 'Expected the type of the event' }],
    });
  }
  return { kind: 'events', events: [toEvent(body, headers, type)] };
}

function toEvent(body: unknown, headers: SourceRequest['headers'], type: string): SourceEvent {
  return {
    id: headerText(headers, 'webhook-id'),
    draft: {
      ...describeEvent({ type, data: dataOf(body) }),
      occurredAt: TIMES.map((name) => at(body, name)).find((time) => time !== undefined && time !== null),
    },
    traits: { event: type },
  };
}

/** The specification allows the data to stand beside the type. */
function dataOf(body: unknown): unknown {
  const data = at(body, 'data');
  const isEnvelope = (name: string) => TYPES.includes(name) || TIMES.includes(name) || name === 'data';
  return data ?? Object.fromEntries(membersAt(body).filter(([name]) => !isEnvelope(name)));
}
