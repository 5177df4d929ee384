// CloudEvents 1.0 over HTTP: one event in headers and body (binary), one in the body (structured), or a list of them.

import { AppError, type Fault } from '../domain/errors.ts';
import type { Dialect, DraftFact, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { tidyAzureFacts } from './cloudevents/azure.ts';
import { type CloudEvent, findEventFaults, readEvent } from './cloudevents/event.ts';
import { headerAttributes } from './cloudevents/headers.ts';
import { isObject, textAt } from './payload.ts';
import { describeEvent } from './plain-event.ts';
import { severityOf } from './plain-words.ts';

/** @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md */
export const cloudevents: Dialect = {
  name: 'cloudevents',
  title: 'CloudEvents',
  body: 'json',
  auth: ['token', 'key', 'standard-webhooks', 'url'],
  translate,
};

const MAX_BATCH = 100;

function translate({ body, headers }: SourceRequest): Translation {
  const contentType = (headers['content-type'] ?? '').trim().toLowerCase();
  const [mediaType = ''] = contentType.split(';', 1);
  if (!mediaType.startsWith('application/cloudevents')) {
    return told([binaryEvent(body, headers)]);
  }
  if (!/^application\/cloudevents(-batch)?(\+json)?\s*$/.test(mediaType)) {
    throw refuse('Expected CloudEvents as JSON', [{ pointer: '', detail: 'Expected application/cloudevents+json' }]);
  }
  return told(mediaType.startsWith('application/cloudevents-batch') ? batchOf(body) : [checked(body, '')]);
}

function told(events: readonly CloudEvent[]): Translation {
  return { kind: 'events', events: events.map(toEvent) };
}

function refuse(message: string, faults: readonly Fault[]): AppError {
  return new AppError('invalid_request', message, { faults });
}

function checked(event: unknown, pointer: string): CloudEvent {
  const faults = findEventFaults(event, pointer);
  if (faults.length > 0 || !isObject(event)) {
    throw refuse('Expected an event as CloudEvents 1.0 defines it', faults);
  }
  return readEvent(event);
}

/** All of them or none. */
function batchOf(body: unknown): readonly CloudEvent[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_BATCH) {
    const detail = `Expected a list of 1 to ${MAX_BATCH} events`;
    throw refuse(detail, [{ pointer: '', detail }]);
  }
  const faults = body.flatMap((event, index) => findEventFaults(event, `/${index}`));
  if (faults.length > 0) {
    throw refuse('Expected events as CloudEvents 1.0 defines them', faults.slice(0, MAX_BATCH));
  }
  return body.filter(isObject).map(readEvent);
}

/** The attributes stand in headers, and the body is the data. */
function binaryEvent(body: unknown, headers: SourceRequest['headers']): CloudEvent {
  const attributes = headerAttributes(headers);
  const faults = attributes.flatMap(([name, value]) => findHeaderFault(name, value));
  if (faults.length > 0 || attributes.length === 0) {
    throw refuse(
      'Expected CloudEvents 1.0: application/cloudevents+json, or attributes in headers (ce-id, ...)',
      faults,
    );
  }
  const mediaType = textAt(headers, 'content-type');
  const event = {
    ...Object.fromEntries(attributes),
    ...(mediaType !== undefined && { datacontenttype: mediaType }),
    data: body,
  };
  const eventFaults = findEventFaults(event, '').map(toHeaderFault);
  if (eventFaults.length > 0) {
    throw refuse('Expected an event as CloudEvents 1.0 defines it, with its attributes in headers', eventFaults);
  }
  return readEvent(event);
}

/** `data` and the media type have places of their own. */
const NO_HEADERS = ['datacontenttype', 'data'];

function findHeaderFault(name: string, value: string | undefined): readonly Fault[] {
  if (NO_HEADERS.includes(name)) {
    return [{ pointer: '', detail: `Expected no header ce-${name}: it says what Content-Type or the body says` }];
  }
  return value === undefined
    ? [{ pointer: '', detail: `Expected percent-encoded UTF-8 in the header ce-${name}` }]
    : [];
}

/** What is wrong stands in a header, and not in the body. */
function toHeaderFault({ pointer, detail }: Fault): Fault {
  const name = pointer.slice(1);
  return { pointer: '', detail: `${name === 'datacontenttype' ? 'Content-Type' : `ce-${name}`}: ${detail}` };
}

/** For programs that trace, order and store events. */
const UNTOLD: ReadonlySet<string> = new Set([
  ...[
    'traceparent',
    'tracestate',
    'traceid',
    'correlationid',
    'causationid',
    'sequence',
    'sequencetype',
    'partitionkey',
  ],
  ...['sampledrate', 'dataref', 'expirytime', 'recordedtime', 'severitytext', 'severitynumber', 'severity'],
]);

function toEvent(event: CloudEvent): SourceEvent {
  const { id, source, type, subject, time, extensions } = event;
  const draft = describeEvent({ type, subject, data: event.data });
  const facts: readonly DraftFact[] = [
    { name: 'Data', value: event.unread },
    ...(draft.facts ?? []),
    { name: 'Source', value: source },
    ...Object.entries(extensions).flatMap(([name, value]) => (UNTOLD.has(name) ? [] : [{ name, value }])),
  ];
  const said = severityOf(textAt(extensions, 'severitytext') ?? textAt(extensions, 'severity'));
  return {
    // Only the two together are unique.
    id: JSON.stringify([source, id]),
    draft: { ...draft, facts: tidyAzureFacts(type, facts), ...(said && { severity: said }), occurredAt: time },
    traits: { event: type, labels: [`source=${source}`, ...(subject === undefined ? [] : [`subject=${subject}`])] },
  };
}
